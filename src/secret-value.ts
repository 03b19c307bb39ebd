import { SecError } from './core/problem.ts';
import type { Problem } from './core/problem.ts';
import type { Entry, Node } from './core/tree.ts';
import { loadFormat } from './formats/index.ts';

/** A value that was given as JSON. Numbers keep their text: `5` is an int and `5.0` a float. @throws SecError `bad-value` */
export async function parseJsonValue(bytes: Uint8Array): Promise<Node> {
  const json = await loadFormat('json');
  const wrapped = Buffer.concat([Buffer.from('{"value":'), bytes, Buffer.from('\n}')]);
  try {
    const { tree, metadata } = json.read(wrapped, 'the value');
    const [entry, ...more] = (tree.documents[0]?.items ?? []).filter((item): item is Entry => item.kind === 'entry');
    if (entry !== undefined && more.length === 0 && metadata === null) return withoutPlaces(entry.value);
  } catch (cause) {
    if (!(cause instanceof SecError)) throw cause;
    throw new SecError({ code: 'bad-value', reason: reasonOf(cause.problem) }, { cause });
  }
  throw new SecError({ code: 'bad-value', reason: 'it is not one JSON value' });
}

function reasonOf(problem: Problem): string {
  if (problem.code === 'too-deep') return `it is nested more than ${problem.limit} levels deep`;
  if (problem.code === 'too-large') return `it has more than ${problem.limit} ${problem.what}`;
  return 'it is not JSON: a text needs double quotes';
}

/** A value on its own: it stands in no text any more. */
function withoutPlaces(node: Node): Node {
  if (node.kind === 'leaf') return { ...node, place: null };
  if (node.kind === 'list')
    return { ...node, items: node.items.flatMap((item) => (item.kind === 'comment' ? [] : [withoutPlaces(item)])), place: null };
  const items = node.items.flatMap((item) =>
    item.kind === 'comment' ? [] : [{ ...item, keySpan: null, value: withoutPlaces(item.value) }],
  );
  return { ...node, items, place: null };
}
