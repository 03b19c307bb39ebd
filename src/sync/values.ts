import type { Branch, Entry, Node, Scalar } from '../core/tree.ts';
import type { SecretFile } from '../secret-file.ts';

/** The values of a file as JSON. Of several documents the later wins; comments are left out. Numbers keep their digits. */
export function valuesAsJson({ tree }: SecretFile): Uint8Array {
  const entries = new Map(tree.documents.flatMap((document) => entriesOf(document).map(({ key, value }) => [key, value] as const)));
  return Buffer.from(mapText([...entries]));
}

function entriesOf({ items }: Branch): readonly Entry[] {
  return items.filter((item): item is Entry => item.kind === 'entry');
}

function mapText(entries: readonly (readonly [string, Node])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(',')}}`;
}

function textOf(node: Node): string {
  if (node.kind === 'map') return mapText(entriesOf(node).map(({ key, value }) => [key, value] as const));
  if (node.kind === 'list') return `[${node.items.flatMap((item) => (item.kind === 'comment' ? [] : [textOf(item)])).join(',')}]`;
  return scalarText(node.value);
}

function scalarText(value: Scalar): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'bool':
      return String(value.value);
    case 'bytes':
      return JSON.stringify(Buffer.from(value.bytes).toString('utf8'));
    case 'int':
    case 'float':
      return isJsonNumber(value.text) ? value.text : JSON.stringify(value.text);
    case 'str':
    case 'time':
      return JSON.stringify(value.text);
  }
}

function isJsonNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
}
