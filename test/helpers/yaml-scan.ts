import { isDeepStrictEqual } from 'node:util';
import { CST } from 'yaml';
import { SecError } from '../../src/core/problem.ts';
import { dropAt, putAt } from '../../src/formats/yaml/edit.ts';
import { isScalarToken } from '../../src/formats/yaml/open-nodes.ts';
import { parser } from '../../src/formats/yaml/parse.ts';
import { scanSyntax } from '../../src/formats/yaml/scan.ts';
import { simpleBlock, simpleText } from '../../src/formats/yaml/simple-scalar.ts';
import { sourceOf } from '../../src/formats/yaml/source.ts';
import { provideFullYaml, type Syntax } from '../../src/formats/yaml/syntax.ts';

provideFullYaml({ ...parser, put: putAt, drop: dropAt });

/** What the scanner made of a text: it left it to the parser, or read what the parser reads, or something else. */
export type Scan = 'left' | 'same' | 'different';

/** Holds the scanner against the parser: all of what is read, with places, comments and refusals, and the text of each scalar. */
export function compareScan(text: string): Scan {
  const scanned = scanSyntax(text);
  if (!hasSameTexts(text)) return 'different';
  if (scanned === null) return 'left';
  return isDeepStrictEqual(
    outcome(text, () => scanned),
    outcome(text, () => parser.parse(text, 'file')),
  )
    ? 'same'
    : 'different';
}

function outcome(text: string, syntax: () => Syntax): unknown {
  try {
    return sourceOf(text, 'file', syntax());
  } catch (error) {
    if (error instanceof SecError) return error.problem;
    throw error;
  }
}

/** Whether the simple scalars of a text have the text that the package gives them. */
function hasSameTexts(text: string): boolean {
  let isSame = true;
  const compare = (token: CST.Token | null | undefined): void => {
    if (!token || !isScalarToken(token)) return;
    const simple = token.type === 'block-scalar' ? simpleBlock(token) : token.type === 'double-quoted-scalar' ? null : simpleText(token);
    if (simple !== null && simple !== CST.resolveAsScalar(token).value) isSame = false;
  };
  for (const document of documentsOf(text))
    CST.visit(document, ({ key, value }) => {
      compare(key);
      compare(value);
    });
  return isSame;
}

function documentsOf(text: string): readonly CST.Document[] {
  try {
    return parser.parse(text, 'file').documents;
  } catch (error) {
    if (error instanceof SecError) return [];
    throw error;
  }
}
