import type { Stanza } from './age-header.ts';
import type { AgeIdentity } from './age-identity.ts';
import { type PluginLines, pluginLines } from './age-plugin-lines.ts';
import { answerPlugin } from './age-plugin-questions.ts';
import type { KeyWorld } from './key.ts';

/** The programs `age-plugin-NAME`, which have keys of their own (C2SP `age-plugin`). */

/** An identity that only such a program can use. */
export type PluginIdentity = Extract<AgeIdentity, { readonly kind: 'plugin' }>;

/** What a plugin gave, or why it gave nothing. */
export type PluginResult<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly failure: PluginFailure };

/** `missing`: there is no such program. `empty`: it has no key for this. Else what it said is wrong. */
export interface PluginFailure {
  readonly kind: 'missing' | 'empty' | 'failed';
  /** Its own words for people; empty where it had none. */
  readonly said: string;
}

/** Locks a file key for a recipient of a plugin: the stanzas to put into the file. */
export function wrapWithPlugin(
  plugin: string,
  recipient: string,
  fileKey: Uint8Array,
  world: KeyWorld,
): Promise<PluginResult<readonly Stanza[]>> {
  return talk({ plugin, machine: 'recipient-v1', world }, async (lines) => {
    lines.say(['add-recipient', recipient]);
    lines.say(['wrap-file-key'], fileKey);
    lines.say(['done']);
    const stanzas: Stanza[] = [];
    const failure = await listen(lines, { plugin, world }, ({ args: [word, , ...args], body }) => {
      if (word !== 'recipient-stanza' || args.length === 0) return false;
      stanzas.push({ args, body });
      return true;
    });
    return stanzas.length > 0 && failure === null ? { done: true, value: stanzas } : { done: false, failure: failure ?? nothing };
  });
}

/** Opens the file key of a file, by its stanzas, with an identity of a plugin. */
export function unwrapWithPlugin(identity: PluginIdentity, stanzas: readonly Stanza[], world: KeyWorld): Promise<PluginResult<Uint8Array>> {
  const { plugin } = identity;
  return talk({ plugin, machine: 'identity-v1', world }, async (lines) => {
    lines.say(['add-identity', identity.text]);
    for (const { args, body } of stanzas) lines.say(['recipient-stanza', '0', ...args], body);
    lines.say(['done']);
    let fileKey: Uint8Array | null = null;
    const failure = await listen(lines, { plugin, world }, ({ args: [word, file], body }) => {
      if (word !== 'file-key' || file !== '0') return false;
      fileKey = body;
      return true;
    });
    return fileKey === null ? { done: false, failure: failure ?? nothing } : { done: true, value: fileKey };
  });
}

const nothing: PluginFailure = { kind: 'empty', said: '' };
const broken: PluginFailure = { kind: 'failed', said: 'it ended without a word' };

interface Talk {
  readonly plugin: string;
  readonly machine: 'recipient-v1' | 'identity-v1';
  readonly world: KeyWorld;
}

async function talk<T>(
  { plugin, machine, world }: Talk,
  speak: (lines: PluginLines) => Promise<PluginResult<T>>,
): Promise<PluginResult<T>> {
  const program = { file: `age-plugin-${plugin}`, args: [`--age-plugin=${machine}`], env: world.env };
  try {
    const conversation = await world.programs.talk(program);
    try {
      return await speak(pluginLines(conversation));
    } finally {
      await conversation.end();
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || (error.code !== 'ENOENT' && error.code !== 'EACCES')) throw error;
    return { done: false, failure: { kind: 'missing', said: '' } };
  }
}

/** Answers the plugin until it is done. `takes` is given what is no question; what it does not take is unknown to us. */
async function listen(
  lines: PluginLines,
  setting: { readonly plugin: string; readonly world: KeyWorld },
  takes: (stanza: Stanza) => boolean,
): Promise<PluginFailure | null> {
  const asked = new Set<string>();
  let failure: PluginFailure | null = null;
  for (;;) {
    const stanza = await lines.hear();
    if (stanza === null) return failure ?? broken;
    const [word] = stanza.args;
    if (word === 'done') return failure;
    if (word === 'error') failure = { kind: 'failed', said: firstLine(stanza.body) };
    if (word === 'error' || takes(stanza)) lines.say(['ok']);
    else await answerPlugin(stanza, lines, { ...setting, asked });
  }
}

/** A plugin's words may be long; its first line has to do. */
function firstLine(body: Uint8Array): string {
  return (
    Buffer.from(body)
      .toString('utf8')
      .trim()
      .split('\n')[0]
      ?.slice(0, 200)
      .replace(/\p{Cc}+/gu, ' ') ?? ''
  );
}
