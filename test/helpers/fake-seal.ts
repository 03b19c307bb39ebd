import { applySplices } from '../../src/core/tree.ts';
import type { Branch, Comment, Entry, Leaf, List, Node, Scalar, Splice, Tree } from '../../src/core/tree.ts';
import type { MetaMap } from '../../src/core/metadata.ts';
import type { Format, Source } from '../../src/formats/format.ts';

/** Sealing without keys, to test formats: what a sealed value holds stands in it as base64. */

/** A leaf or a comment, as a visitor sees it. */
export type Piece = Leaf | Comment;

/** All leaves and comments in document order. */
export function piecesOf(tree: Tree): readonly Piece[] {
  return tree.documents.flatMap(below);
}

function below(node: Node | Comment | Entry): readonly Piece[] {
  if (node.kind === 'entry') return below(node.value);
  return node.kind === 'map' || node.kind === 'list' ? node.items.flatMap(below) : [node];
}

/** The tree without places, to compare what two texts say. */
export function meaning(tree: Tree): unknown {
  return tree.documents.map(meaningOf);
}

function meaningOf(node: Node | Comment | Entry): unknown {
  if (node.kind === 'entry') return [node.key, meaningOf(node.value)];
  if (node.kind === 'leaf') return node.value;
  return node.kind === 'comment' ? `#${node.text}` : { [node.kind]: (node satisfies Branch | List).items.map(meaningOf) };
}

/** Sealed text, and what has to be remembered of each piece whose own text does not come back by itself. */
export interface FakeSealed {
  readonly text: string;
  readonly hints: ReadonlyMap<number, string>;
}

/** The text with every leaf and comment that has something to seal sealed, and with a metadata block. */
export function sealAll<S extends Source>(format: Format<S>, source: S, metadata: MetaMap): FakeSealed {
  const hints = new Map<number, string>();
  const splices: Splice[] = [];
  for (const [index, piece] of piecesOf(source.tree).entries()) {
    if (piece.place === null || isBare(piece)) continue;
    const sealed = piece.kind === 'leaf' ? format.sealLeaf(piece.place, encOf(piece.value)) : null;
    const text = piece.kind === 'comment' ? format.sealComment(piece, encOf(piece.text)) : (sealed?.text ?? '');
    const opened =
      piece.kind === 'comment' ? format.openComment(piece, piece.text) : format.openLeaf(sealed?.place ?? piece.place, piece.value);
    const stood = source.text.slice(piece.place.start, piece.place.end);
    if (opened !== stood) hints.set(index, stood);
    splices.push({ start: piece.place.start, end: piece.place.end, text });
  }
  return { text: applySplices(source.text, [...splices, ...format.addMetadata(source, metadata)]), hints };
}

/** The plain text again. */
export function openAll<S extends Source>(format: Format<S>, source: S, hints: ReadonlyMap<number, string>): string {
  const splices: Splice[] = [];
  for (const [index, piece] of piecesOf(source.tree).entries()) {
    const held = heldBy(piece);
    if (piece.place === null || held === null) continue;
    const opened = piece.kind === 'comment' ? format.openComment(piece, String(held)) : format.openLeaf(piece.place, scalarOf(held));
    splices.push({ start: piece.place.start, end: piece.place.end, text: hints.get(index) ?? opened });
  }
  return applySplices(source.text, [...splices, ...format.removeMetadata(source)]);
}

/** A sealed value that holds a scalar, or a comment that holds a text. */
export function encOf(value: Scalar | string): string {
  const type = typeof value === 'string' ? 'comment' : value.type === 'bytes' ? 'str' : value.type;
  const held =
    typeof value === 'object' && value.type === 'bytes' ? { type: 'bytes', hex: Buffer.from(value.bytes).toString('hex') } : value;
  return `ENC[AES256_GCM,data:${Buffer.from(JSON.stringify(held)).toString('base64')},iv:aXY=,tag:dGFn,type:${type}]`;
}

/** What a sealed piece holds, `null` where it is not sealed. */
export function heldBy(piece: Piece): unknown {
  const text = piece.kind === 'comment' ? piece.text : piece.value.type === 'str' ? piece.value.text : '';
  const match = /^ENC\[AES256_GCM,data:([^,]+),/.exec(text);
  return match ? JSON.parse(Buffer.from(match[1] ?? '', 'base64').toString()) : null;
}

function scalarOf(held: unknown): Scalar {
  const value = held as Scalar & { readonly hex?: string };
  return value.type === 'bytes' ? { type: 'bytes', bytes: Buffer.from(value.hex ?? '', 'hex') } : value;
}

/** What is never sealed: nothing to hide, or no bytes to hide it in. */
function isBare(piece: Piece): boolean {
  return piece.kind === 'comment'
    ? piece.text === ''
    : piece.value.type === 'null' || (piece.value.type === 'str' && piece.value.text === '');
}

/** A metadata block with every kind of field in it. */
export function someMetadata(more: Readonly<Record<string, MetaMap | string>> = {}): MetaMap {
  const enc = '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n';
  return new Map<string, MetaMap | string | readonly MetaMap[]>([
    [
      'age',
      [
        new Map([
          ['enc', enc],
          ['recipient', 'age1alice'],
        ]),
        new Map([
          ['enc', enc],
          ['recipient', 'age1bob'],
        ]),
      ],
    ],
    ['lastmodified', '2026-01-02T03:04:05Z'],
    ['mac', 'ENC[AES256_GCM,data:bWFj,iv:aXY=,tag:dGFn,type:str]'],
    ...Object.entries(more),
    ['unencrypted_suffix', '_unencrypted'],
    ['version', '3.13.2'],
  ]);
}
