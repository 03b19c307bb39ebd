import { posix, win32 } from 'node:path';
import type { KeyWorld } from './key.ts';
import { variable } from './variable.ts';

/** Where identities of age come from: all of sops's places (`sops-format.md` §15.1). */
export interface AgePlaces {
  /** Identities in a variable. */
  readonly texts: readonly NamedText[];
  /** Files of identities. */
  readonly files: readonly NamedFile[];
  /** Commands that print identities. */
  readonly commands: readonly NamedText[];
  /** Files with one private SSH key each. */
  readonly sshFiles: readonly NamedFile[];
  /** Where more of them may be. */
  readonly sshFolder: string;
  /** Commands that print a private SSH key. */
  readonly sshCommands: readonly NamedText[];
}

interface NamedText {
  readonly label: string;
  readonly text: string;
}

export interface NamedFile {
  readonly label: string;
  readonly path: string;
  /** Named by a variable, so that someone expects it to be there. */
  readonly expected: boolean;
}

/** The places of this world, each list in the order of sops. */
export function agePlaces(world: Pick<KeyWorld, 'env' | 'home' | 'platform'>): AgePlaces {
  const { join } = paths(world.platform);
  const texts = (name: string): readonly NamedText[] => {
    const found = variable(world.env, name);
    return found === null ? [] : [{ label: found.name, text: found.value }];
  };
  const files = (name: string): readonly NamedFile[] => {
    const found = variable(world.env, name);
    return found === null ? [] : [{ label: `${found.name} (${found.value})`, path: found.value, expected: true }];
  };
  const usual = (path: string): NamedFile => ({ label: path, path, expected: false });
  return {
    texts: texts('AGE_KEY'),
    files: [...files('AGE_KEY_FILE'), usual(ageKeysFile(world))],
    commands: texts('AGE_KEY_CMD'),
    sshFiles: [...files('AGE_SSH_PRIVATE_KEY_FILE'), ...['id_ed25519', 'id_rsa'].map((name) => usual(join(world.home, '.ssh', name)))],
    sshFolder: join(world.home, '.ssh'),
    sshCommands: texts('AGE_SSH_PRIVATE_KEY_CMD'),
  };
}

/** The file of identities that sops and we both read without being told, and where `sec init` puts a new one. */
export function ageKeysFile(world: Pick<KeyWorld, 'env' | 'home' | 'platform'>): string {
  return paths(world.platform).join(configFolder(world), 'sops', 'age', 'keys.txt');
}

/** Go's `os.UserConfigDir`, with what sops adds to it on macOS. */
function configFolder({ env, home, platform }: Pick<KeyWorld, 'env' | 'home' | 'platform'>): string {
  const { isAbsolute, join } = paths(platform);
  if (platform === 'win32') return env['AppData'] ?? env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  const named = env['XDG_CONFIG_HOME'];
  if (named !== undefined && isAbsolute(named)) return named;
  return platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.config');
}

function paths(platform: string): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
