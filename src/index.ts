/** The library: all that others may import. */

export { SecError, type Attempt, type Problem, type UnlockReport, type UnwrapReason } from './core/problem.ts';
export type { Branch, Comment, Entry, KeyPath, Leaf, List, Node, Place, Scalar, Span, Tree } from './core/tree.ts';
export type { Context, Files, FileStat, Finished, Program, Programs, Terminal, WriteOptions } from './context.ts';
