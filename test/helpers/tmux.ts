import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

/** A terminal, as a person sees it. */
export interface Screen {
  /** Types a text. */
  type(text: string): void;
  /** Presses a key by tmux's name for it, such as `Enter`, `C-c`. */
  press(key: string): void;
  /** The lines that are not empty. */
  lines(): readonly string[];
  /** Goes away, as a window that is closed. */
  hangUp(): void;
}

/** Opens a terminal with a shell in a folder. It closes with the test. */
export function openScreen(cwd: string, env: Readonly<Record<string, string>> = {}): Screen {
  const folder = mkdtempSync(join(tmpdir(), 'sec-tmux-'));
  const variables = {
    PATH: process.env['PATH'] ?? '',
    TERM: 'xterm',
    LANG: 'C.UTF-8',
    PS1: '$ ',
    HISTFILE: '/dev/null',
    HOME: folder,
    TMUX_TMPDIR: folder,
    ...env,
  };
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-f', '/dev/null', '-S', join(folder, 'socket'), ...args], { cwd, env: variables, encoding: 'utf8' });
  onTestFinished(() => {
    tmux('kill-server');
    rmSync(folder, { recursive: true, force: true });
  });
  tmux('new-session', '-d', '-x', '120', '-y', '40', 'bash', '--norc', '--noprofile');
  const lines = (): readonly string[] =>
    tmux('capture-pane', '-p')
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '');
  return {
    type: (text) => void tmux('send-keys', '-l', text),
    press: (key) => void tmux('send-keys', key),
    lines,
    hangUp: () => {
      // Without a window, the server would end before the test has.
      tmux('new-window', '-d');
      tmux('kill-window', '-t', ':0');
    },
  };
}

/** Waits for a line on the screen that fits. */
export async function expectLine(screen: Screen, line: string | RegExp): Promise<void> {
  const fits = (shown: string): boolean => (typeof line === 'string' ? shown === line : line.test(shown));
  await expect.poll(() => screen.lines().some(fits), { timeout: 20_000, message: `a line ${line}` }).toBe(true);
}
