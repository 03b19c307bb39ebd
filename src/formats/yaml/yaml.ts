import type { Format } from '../format.ts';
import { dropAt, putAt } from './edit.ts';
import { lightYaml } from './light.ts';
import { parser } from './parse.ts';
import type { YamlSource } from './source.ts';
import { provideFullYaml } from './syntax.ts';

provideFullYaml({ ...parser, put: putAt, drop: dropAt });

/** YAML with all that it takes to read and change every text. */
export const yaml: Format<YamlSource> = lightYaml;
