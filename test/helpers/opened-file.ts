import { randomBytes } from 'node:crypto';

import { ValueCipher } from '../../src/core/cipher.ts';
import { readMetadata } from '../../src/core/metadata.ts';
import type { Metadata } from '../../src/core/metadata.ts';
import { compileSelector, defaultSelector } from '../../src/core/selection.ts';
import type { Format } from '../../src/formats/format.ts';
import { readPlain, sealSource } from '../../src/secret-seal.ts';
import type { SecretFile, Session } from '../../src/secret-file.ts';
import { openText } from '../../src/secret-text-open.ts';
import type { SealTextOptions } from '../../src/secret-text-seal.ts';
import { SealMemory } from '../../src/core/memory.ts';

/** Sealed files without people: for properties of what changes in them. */
export interface Sealer {
  /** A plain text, sealed and opened. @throws SecError where it is refused */
  seal(format: Format, text: Uint8Array): SecretFile;
  /** Other bytes of the same file. */
  open(format: Format, bytes: Uint8Array): SecretFile;
}

const file = 'a file';

/** All files of one test have the same data key. */
export async function sealer(session: Session): Promise<Sealer> {
  const cipher = new ValueCipher(randomBytes(32));
  const selection = await compileSelector(defaultSelector, file);
  const optionsFor = (format: Format): SealTextOptions => ({
    format,
    cipher,
    selection,
    macOnlyEncrypted: false,
    file,
    memory: new SealMemory(),
    random: (length) => session.context.random(length),
  });
  const open: Sealer['open'] = (format, bytes) => {
    const source = format.read(bytes, file);
    const metadata = readMetadata(source.metadata ?? new Map(), file);
    const options = optionsFor(format);
    const text = openText(source, metadata.layout, options);
    const after = format.after?.(text) ?? format;
    const textOptions = { ...options, format: after };
    return { file, format: after, bytes, metadata, tree: text.tree, text, textOptions, plain: () => format.encode(text.plain()) };
  };
  return {
    open,
    seal: (format, text) => open(format, sealSource(readPlain(format, text, file), someMetadata, optionsFor(format), null).bytes),
  };
}

const someMetadata: Metadata = {
  groups: [
    {
      keys: [
        {
          kind: 'age',
          fields: new Map([
            ['enc', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n'],
            ['recipient', 'age1'],
          ]),
        },
      ],
      stored: new Map(),
    },
  ],
  threshold: 0,
  selector: defaultSelector,
  macOnlyEncrypted: false,
  lastModified: '2025-01-01T00:00:00Z',
  mac: '',
  version: '3.13.2',
  layout: null,
  stored: new Map(),
};
