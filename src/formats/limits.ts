/** Bounds on untrusted input, the same for every format. */

/** How deep maps and lists may nest. Far beyond what people write, and within what a call stack holds. */
export const maxDepth = 500;

/** How many nodes a text may have. */
export const maxNodes = 2_000_000;

/** How many of them may stand there by references only. The YAML library of sops refuses what is beyond, too. */
export const maxReferenced = 400_000;

/** The largest text that is read. A text is one JavaScript string, and those end at half a gigabyte. */
export const maxBytes = 256 * 1024 * 1024;

/**
 * The largest file that is sealed as one value: base64 of it, and its metadata block, must fit in a text. Sealing and opening take about
 * twelve times as much memory as the file has bytes, so at most 2.3 GB.
 */
export const maxWholeBytes = 191 * 1024 * 1024;
