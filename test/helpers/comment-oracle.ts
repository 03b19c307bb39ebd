import { randomBytes } from 'node:crypto';

import { armor, Encrypter } from 'age-encryption';

import { ValueCipher } from '../../src/core/cipher.ts';
import { SealMemory } from '../../src/core/memory.ts';
import { sealTree } from '../../src/core/seal.ts';
import { compileSelector, defaultSelector } from '../../src/core/selection.ts';
import type { Selection } from '../../src/core/selection.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Comment, Splice } from '../../src/core/tree.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import type { SopsFolder } from './sops-folder.ts';

/** Where sops looks for a comment of a text, and where we seal it. */
export interface CommentAnswer {
  readonly comment: string;
  /** None where sops drops the comment. */
  readonly sops: readonly string[];
  readonly sec: string;
}

/** A text with all values sealed. */
interface Question {
  readonly text: string;
  readonly values: readonly Splice[];
  readonly comments: readonly { readonly node: Comment; readonly path: string }[];
  /** Those of all collections. */
  readonly paths: readonly string[];
}

/**
 * Asks the real sops where it looks for comments: it opens a comment only under the path that sealed it. Each text is written once for
 * each path that there is, with its comments sealed under that one, as a document of one long file.
 */
export class CommentOracle {
  readonly #sops: SopsFolder;
  readonly #selection: Selection;
  readonly #cipher: ValueCipher;
  readonly #head: string;

  private constructor(sops: SopsFolder, selection: Selection, cipher: ValueCipher, stored: string) {
    this.#sops = sops;
    this.#selection = selection;
    this.#cipher = cipher;
    const time = '2024-01-01T00:00:00Z';
    const mac = cipher.seal(Buffer.from('not asked for'), 'str', time, randomBytes(32));
    const age = [{ enc: stored, recipient: sops.recipient }];
    const metadata = { age, lastmodified: time, mac, unencrypted_suffix: '_unencrypted', version: '3.13.3' };
    this.#head = `k_unencrypted: x\nsops: ${JSON.stringify(metadata)}\n`;
  }

  static async start(sops: SopsFolder): Promise<CommentOracle> {
    const dataKey = randomBytes(32);
    const encrypter = new Encrypter();
    encrypter.addRecipient(sops.recipient);
    const stored = armor.encode(await encrypter.encrypt(dataKey));
    return new CommentOracle(sops, await compileSelector(defaultSelector, ''), new ValueCipher(dataKey), stored);
  }

  /** The comments of each text, in document order. @throws where sops opens nothing at all */
  ask(texts: readonly string[]): readonly (readonly CommentAnswer[])[] {
    const questions = texts.map((text) => this.#questionOf(text));
    const written = questions.flatMap((question, at) => question.paths.map((path) => this.#under(question, path, markOf(at, path))));
    this.#sops.folder.write('asked.yaml', [this.#head, ...written].join('---\n'));
    const { status, out, err } = this.#sops.sops('sops-3.13.3', ['decrypt', '--ignore-mac', 'asked.yaml']);
    if (status !== 0) throw new Error(`sops ended with ${status}: ${err}`);
    return questions.map(({ comments, paths }, at) =>
      comments.map(({ node, path }) => ({
        comment: node.text,
        sops: paths.filter((tried) => out.includes(`#${markOf(at, tried)}${node.text.trim()}.`)),
        sec: path,
      })),
    );
  }

  #questionOf(text: string): Question {
    const source = yaml.read(Buffer.from(text), 'asked');
    const paths = new Set<string>([':']);
    const values: Splice[] = [];
    const comments: Question['comments'][number][] = [];
    const options = { macOnlyEncrypted: false, memory: new SealMemory(), file: 'asked', random: randomBytes, textOf: () => '' };
    sealTree(
      source.tree,
      { cipher: this.#cipher, selection: this.#selection, ...options },
      {
        clear: () => undefined,
        enter: (_, { aad }) => void paths.add(aad === '' ? ':' : aad),
        sealed(node, enc, _, { aad }) {
          if (node.kind === 'comment') comments.push({ node, path: aad });
          else if (node.place !== null) values.push({ ...node.place, text: yaml.sealLeaf(node.place, enc).text });
        },
      },
    );
    return { text, values, comments, paths: [...paths] };
  }

  /** Each comment begins with the mark, and ends with a dot. */
  #under({ text, values, comments }: Question, path: string, mark: string): string {
    const sealed = comments.flatMap(({ node }): Splice[] => {
      const enc = this.#cipher.seal(Buffer.from(`${mark}${node.text.trim()}.`), 'comment', path, randomBytes(32));
      return node.place === null ? [] : [{ ...node.place, text: yaml.sealComment(node, enc) }];
    });
    return `${applySplices(text, [...values, ...sealed])}sops: {a: b}\n`;
  }
}

function markOf(text: number, path: string): string {
  return `${text}>${path}>`;
}
