/** Bounds on untrusted input, the same for every format. */

/** How deep maps and lists may nest. Far beyond what people write, and within what a call stack holds. */
export const maxDepth = 500;

/** How many nodes a document may have once its references are expanded. */
export const maxNodes = 2_000_000;

/** The largest text that is read. A text is one JavaScript string, and those end at half a gigabyte. */
export const maxBytes = 256 * 1024 * 1024;
