import { readFile, writeFile } from 'node:fs/promises';

import type { Path } from '../../src/core/path.ts';
import type { FormatName } from '../../src/formats/format.ts';
import { sopsPath } from './interop-target.ts';
import { extensionOf } from './interop-texts.ts';
import type { Ended, InteropWorld } from './interop-world.ts';
import type { Sops } from './sops-folder.ts';

/** The side of one release of sops: its commands on files of the shared folder. What is sealed is called by a name. */
export class SopsSide {
  readonly release: Sops;
  readonly #world: InteropWorld;
  readonly #format: FormatName;

  constructor(world: InteropWorld, format: FormatName, release: Sops) {
    this.#world = world;
    this.#format = format;
    this.release = release;
  }

  async encrypt(plain: Uint8Array, config: string): Promise<Ended> {
    await this.#write('plain', plain);
    return this.#sops(['--config', config, 'encrypt', this.#file('plain')]);
  }

  /** What is in the file of a name. */
  async decrypt(name: string, sealed: Uint8Array): Promise<Ended> {
    await this.#write(name, sealed);
    return this.#sops(['decrypt', this.#file(name)]);
  }

  /** What is in a file that was decrypted before, as JSON. */
  decryptAsJson(name: string): Promise<Ended> {
    return this.#sops(['decrypt', '--output-type', 'json', this.#file(name)]);
  }

  /** The output is the changed file. */
  async set(name: string, sealed: Uint8Array, { path, json }: { readonly path: Path; readonly json: string }): Promise<Ended> {
    await this.#write(name, sealed);
    const ended = await this.#sops(['set', this.#file(name), sopsPath(path), json]);
    return { ...ended, out: await readFile(this.#world.folder.at(this.#file(name))) };
  }

  #sops(args: readonly string[]): Promise<Ended> {
    return this.#world.sops(this.release, args);
  }

  #write(name: string, bytes: Uint8Array): Promise<void> {
    return writeFile(this.#world.folder.at(this.#file(name)), bytes);
  }

  #file(name: string): string {
    return `${name}-${this.release}${extensionOf[this.#format]}`;
  }
}
