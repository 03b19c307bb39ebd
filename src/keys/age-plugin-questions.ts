import type { Stanza } from './age-header.ts';
import type { PluginLines } from './age-plugin-lines.ts';
import { inQueue } from './ask.ts';
import { type KeyWorld, remembered } from './key.ts';

export interface Asking {
  readonly plugin: string;
  readonly world: KeyWorld;
  /** What it has asked in this conversation: what is asked again was answered wrongly. */
  readonly asked: Set<string>;
}

/** Passes on what a plugin says or asks to the person at the terminal. Where nobody is there, it hears that. */
export async function answerPlugin({ args, body }: Stanza, lines: PluginLines, asking: Asking): Promise<void> {
  // It may hold what a terminal would obey.
  const text = Buffer.from(body)
    .toString('utf8')
    .replace(/\p{Cc}+/gu, ' ');
  const [word, ...labels] = args;
  if (word === 'msg') {
    asking.world.notify?.(`age-plugin-${asking.plugin}: ${text}`);
    lines.say(['ok']);
  } else if (word === 'request-secret' || word === 'request-public') {
    const answer = await secret(text, asking);
    if (answer === null) lines.say(['fail']);
    else lines.say(['ok'], Buffer.from(answer));
  } else if (word === 'confirm') {
    const answer = await choice(text, labels, asking);
    lines.say(answer === null ? ['fail'] : ['ok', answer ? 'yes' : 'no']);
  } else {
    lines.say(['unsupported']);
  }
}

/** One answer serves all files of a command, unless it was wrong. */
async function secret(question: string, { plugin, world, asked }: Asking): Promise<string | null> {
  const { terminal } = world;
  if (terminal === null) return null;
  const answers = remembered(world, `age: answers for the plugin ${plugin}`, () => new Map<string, string>());
  return inQueue(world, async () => {
    const known = asked.has(question) ? undefined : answers.get(question);
    asked.add(question);
    const answer = known ?? (await terminal.secret(`age-plugin-${plugin}: ${question}`));
    answers.set(question, answer);
    return answer;
  });
}

/** The labels are what the two answers are called; the second may be missing. */
async function choice(question: string, labels: readonly string[], { plugin, world }: Asking): Promise<boolean | null> {
  const { terminal } = world;
  if (terminal === null) return null;
  const [yes = 'yes', no] = labels.map((label) => Buffer.from(label, 'base64').toString('utf8'));
  const choices = [{ value: 'yes', name: yes }, ...(no === undefined ? [] : [{ value: 'no', name: no }])];
  return inQueue(world, async () => (await terminal.choose(`age-plugin-${plugin}: ${question}`, choices)) === 'yes');
}
