import { noRecipientFlags } from '../../src/config/environment.ts';
import type { Path } from '../../src/core/path.ts';
import type { Node } from '../../src/core/tree.ts';
import { extensionOf } from './interop-texts.ts';
import type { Format } from '../../src/formats/format.ts';
import { withValue } from '../../src/secret-change.ts';
import { openSecretFile, startSession } from '../../src/secret-file.ts';
import type { SecretFile } from '../../src/secret-file.ts';
import { planFor } from '../../src/secret-plan.ts';
import { resealFile, sealNewFile } from '../../src/secret-seal.ts';
import type { SealPlan } from '../../src/secret-seal.ts';
import type { InteropWorld } from './interop-world.ts';

/** Our side of the exchange: what the commands do, without their command lines. */
export class OurSide {
  readonly format: Format;
  readonly #world: InteropWorld;
  readonly #plan: SealPlan;

  private constructor(world: InteropWorld, format: Format, plan: SealPlan) {
    this.#world = world;
    this.format = format;
    this.#plan = plan;
  }

  static async start(world: InteropWorld, format: Format, config: string): Promise<OurSide> {
    const flags = { config, recipients: noRecipientFlags, selectors: {}, macOnlyEncrypted: null, threshold: null };
    const plan = await planFor(startSession(world.context), `doc${extensionOf[format.name]}`, flags);
    return new OurSide(world, format, plan);
  }

  /** As `sec encrypt`. */
  async seal(bytes: Uint8Array): Promise<Uint8Array> {
    const session = startSession(this.#world.context);
    const sealed = await sealNewFile(session, { file: 'plain', bytes, format: this.format }, this.#plan, {
      format: this.format,
      indent: null,
    });
    return sealed.bytes;
  }

  /** As `sec decrypt`. */
  open(bytes: Uint8Array): Promise<SecretFile> {
    const options = { ignoreMac: false, decryptionOrder: null };
    return openSecretFile(startSession(this.#world.context), { file: 'sealed', bytes, format: this.format }, options);
  }

  /** As `sec set`; `null` where the value is there already. */
  set(file: SecretFile, path: Path, value: Node): Uint8Array | null {
    const plain = withValue(file, path, value);
    if (plain === null) return null;
    return resealFile(startSession(this.#world.context), file, plain, { raiseVersion: false })?.bytes ?? null;
  }
}
