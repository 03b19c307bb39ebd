import type { Format } from '../format.ts';
import { lightYaml } from './light.ts';
import { parser } from './parse.ts';
import type { YamlSource } from './source.ts';
import { provideParser } from './syntax.ts';

provideParser(parser);

/** YAML with the parser that reads every text. */
export const yaml: Format<YamlSource> = lightYaml;
