import type { KeyWorld } from './key.ts';
import { variable } from './variable.ts';

/** One finished call of gpg. */
export interface GpgRun {
  /** gpg's own verdict: exit status 0. */
  readonly ok: boolean;
  readonly stdout: Uint8Array;
  /** What gpg said in the form that is meant for programs. Its words for people are in their language, so nobody reads those. */
  readonly status: readonly GpgStatus[];
}

/** One status line, e.g. `NO_SECKEY 25294A17CD90507F`. */
export interface GpgStatus {
  readonly word: string;
  readonly args: readonly string[];
}

/** The program that is called: `SEC_GPG_EXEC`, `SOPS_GPG_EXEC`, `gpg`. */
export function gpgProgram(world: KeyWorld): string {
  return variable(world.env, 'GPG_EXEC')?.value ?? 'gpg';
}

/** A variable that is set and not empty, or `null`. */
export function setting(world: KeyWorld, name: string): string | null {
  const value = world.env[name];
  return value === undefined || value === '' ? null : value;
}

/** Whether gpg may ask a question at our terminal. gpg-agent may always ask, through a pinentry with a window. */
export type Asking = 'may ask' | 'asks nothing';

/** Runs gpg to its end with bytes in and bytes out. `null` where there is no such program. */
export async function runGpg(world: KeyWorld, args: readonly string[], input: Uint8Array, asking: Asking): Promise<GpgRun | null> {
  const isSilent = asking === 'asks nothing' || world.terminal === null;
  try {
    const finished = await world.programs.run({
      file: gpgProgram(world),
      args: ['--status-fd', '2', ...(isSilent ? ['--batch', '--no-tty'] : []), ...args],
      env: isSilent ? world.env : { ...world.env, ...(await terminalName(world)) },
      input,
    });
    return { ok: finished.status === 0, stdout: finished.stdout, status: statusLines(finished.stderr) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) return null;
    throw error;
  }
}

const marker = '[GNUPG:] ';

function statusLines(stderr: Uint8Array): readonly GpgStatus[] {
  return new TextDecoder()
    .decode(stderr)
    .split(/\r?\n/)
    .filter((line) => line.startsWith(marker))
    .map((line) => {
      const [word = '', ...args] = line.slice(marker.length).split(' ');
      return { word, args };
    });
}

/**
 * `GPG_TTY` for a pinentry that draws on the terminal. gpg-agent has no terminal of its own, and gpg cannot tell it ours since its
 * standard input is our pipe. People are told to set the variable and forget it.
 */
export async function terminalName(world: KeyWorld): Promise<{ readonly GPG_TTY?: string }> {
  if (world.platform === 'win32' || setting(world, 'GPG_TTY') !== null) return {};
  const name = world.platform === 'linux' ? await terminalByNumber(world) : await terminalByProcess(world);
  return name === null ? {} : { GPG_TTY: name };
}

/** Linux: the device number of the controlling terminal is the fifth field behind the program's name (`man 5 proc`). */
async function terminalByNumber(world: KeyWorld): Promise<string | null> {
  const bytes = await world.files.read('/proc/self/stat').catch(() => null);
  if (bytes === null) return null;
  const text = new TextDecoder().decode(bytes);
  const device = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[4]);
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `/dev/pts/${(major - 136) * 256 + minor}`;
  return major === 4 && minor < 64 ? `/dev/tty${minor}` : null;
}

async function terminalByProcess(world: KeyWorld): Promise<string | null> {
  const found = await world.programs.run({ file: 'sh', args: ['-c', 'ps -o tty= -p $$'], env: world.env }).catch(() => null);
  const name = new TextDecoder().decode(found?.stdout).trim();
  return /^[a-z]+[0-9a-z/]*$/.test(name) ? `/dev/${name}` : null;
}
