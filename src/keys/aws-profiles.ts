import { join } from 'node:path';
import { remembered, type KeyWorld } from './key.ts';

/** The profiles of the AWS tools on this machine. Each is read by name; the SDK opens them. */
export interface AwsProfiles {
  /** Where profiles were looked for. */
  readonly files: readonly string[];
  /** Its settings from both files; `null` where neither has it. */
  find(name: string): ReadonlyMap<string, string> | null;
}

/** Reads both files once a command. One that is missing or cannot be read has no profiles, as for the AWS tools. */
export function awsProfiles(world: KeyWorld): Promise<AwsProfiles> {
  return remembered(world, 'aws: profiles', async (): Promise<AwsProfiles> => {
    const config = place(world, 'AWS_CONFIG_FILE', 'config');
    const credentials = place(world, 'AWS_SHARED_CREDENTIALS_FILE', 'credentials');
    const inConfig = sectionsOf(await textOrEmpty(world, config), profileOfConfig);
    const inCredentials = sectionsOf(await textOrEmpty(world, credentials), (section) => section);
    return {
      files: [config, credentials],
      find: (name) => {
        const found = [inConfig.get(name), inCredentials.get(name)].flatMap((settings) => (settings === undefined ? [] : [settings]));
        return found.length === 0 ? null : new Map(found.flatMap((settings) => [...settings]));
      },
    };
  });
}

function place({ env, home }: KeyWorld, variable: string, name: string): string {
  const given = env[variable] ?? '';
  if (given === '') return join(home, '.aws', name);
  return given.startsWith('~/') ? join(home, given.slice(2)) : given;
}

async function textOrEmpty({ files }: KeyWorld, path: string): Promise<string> {
  try {
    return Buffer.from(await files.read(path)).toString();
  } catch {
    return '';
  }
}

/** `[profile NAME]`, its name in quotes or not; only the default one may go without the word. */
function profileOfConfig(section: string): string | null {
  if (section === 'default') return section;
  return /^profile\s+(["']?)(.+)\1$/.exec(section)?.[2] ?? null;
}

function sectionsOf(text: string, nameOf: (section: string) => string | null): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let name: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const content = (line.split(/(?:^|\s)[;#]/)[0] ?? '').trim();
    const section = /^\[(.*)\]$/.exec(content)?.[1];
    const [, key, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(content) ?? [];
    if (section !== undefined) name = nameOf(section.trim());
    else if (name !== null && key !== undefined && value !== undefined)
      sections.set(name, (sections.get(name) ?? new Map<string, string>()).set(key, value));
  }
  return sections;
}
