/** How often each exchange went well. */

export const directions = ['sec → sops', 'sops → sec', 'sops → sec set → sops', 'sec → sops set → sec', 'sec → sec set → sops'] as const;
export type Direction = (typeof directions)[number];

export interface Count {
  passed: number;
  failed: number;
}

/** By direction and release: what a test hands to the reporter, so it is plain data. */
export interface InteropRow {
  readonly format: string;
  readonly option: string;
  readonly counts: Record<string, Count>;
}

declare module 'vitest' {
  interface TaskMeta {
    interop?: InteropRow;
  }
}

export function cellName(direction: Direction, release: string): string {
  return `${direction} ${release}`;
}

/** Counts until the first document that fails: what comes after it is its shrinking. */
export class Tally {
  readonly row: InteropRow;
  #isOver = false;

  constructor(format: string, option: string) {
    this.row = { format, option, counts: {} };
  }

  async count<T>(direction: Direction, release: string, check: () => Promise<T>): Promise<T> {
    try {
      const result = await check();
      this.#add(direction, release, 'passed');
      return result;
    } catch (error) {
      this.#add(direction, release, 'failed');
      throw error;
    }
  }

  /** Ends the counting. */
  close(): void {
    this.#isOver = true;
  }

  #add(direction: Direction, release: string, outcome: 'passed' | 'failed'): void {
    if (this.#isOver) return;
    const count = (this.row.counts[cellName(direction, release)] ??= { passed: 0, failed: 0 });
    count[outcome] += 1;
  }
}
