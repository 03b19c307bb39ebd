import { blocksOf, type Page } from './markdown.ts';
import { run } from './run.ts';
import type { World } from './sec.ts';

/** A command of a page, and what the page says that it prints: empty where it says nothing. */
export interface Step {
  readonly command: string;
  readonly output: string;
}

/** The commands that a page shows in a terminal, in order. */
export function stepsOf(page: Page): readonly Step[] {
  return blocksOf(page, 'console')
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .map((step) => ({ command: step.slice(0, step.indexOf('\n')), output: step.slice(step.indexOf('\n') + 1) }));
}

/** Runs a command line in a shell; gives its status and all that it printed. */
export async function runStep(
  { command }: Step,
  { work, env }: World,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const { status, out } = await run('sh', ['-c', `exec 2>&1\n${command}`], { cwd: work, env });
  return { status, output: out };
}

/** Whether a text is what a page shows: `…` stands for anything on its line, and alone on a line for any lines. */
export function isAsShown(output: string, shown: string): boolean {
  const pattern = shown
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/^…\n/gm, '(?:.*\\n)*')
    .replaceAll('…', '.*');
  return new RegExp(`^${pattern}$`).test(output);
}
