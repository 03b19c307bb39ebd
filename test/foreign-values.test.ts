import { createCipheriv } from 'node:crypto';
import { expect, test } from 'vitest';

import { quickSec } from './helpers/quick-sec.ts';
import { replaced, sealedAt } from './helpers/sealed-texts.ts';
import { alice } from './helpers/sec.ts';

/** Values as other programs seal them. All that is random is this one byte, so the data key is known. */
const dataKey = Buffer.alloc(32, 7);

interface Sealing {
  readonly type: string;
  readonly plaintext: string;
  readonly bytesPerIv?: number;
}

function seal({ type, plaintext, bytesPerIv = 32 }: Sealing): string {
  const iv = Buffer.alloc(bytesPerIv, 9);
  const cipher = createCipheriv('aes-256-gcm', dataKey, iv);
  cipher.setAAD(Buffer.from('a:'));
  const data = Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64');
  return `ENC[AES256_GCM,data:${data},iv:${iv.toString('base64')},tag:${cipher.getAuthTag().toString('base64')},type:${type}]`;
}

/** What comes of a file whose value is sealed otherwise than we sealed it. */
async function opened(name: string, plain: string, sealing: Sealing): Promise<string> {
  const sec = quickSec({ random: (length) => Buffer.alloc(length, 7) });
  const sealed = await sec(['encrypt', '--age', alice.recipient, name], plain);
  const { status, out } = await sec(['decrypt', name], replaced(sealed.out, sealedAt(sealed.out, 'a'), seal(sealing)));
  return status === 0 ? out : `status ${status}`;
}

test.each([
  ['with an IV of 12 bytes', 'x', { type: 'str', plaintext: 'x', bytesPerIv: 12 }, 'a: x\n'],
  ['with an IV of 1 byte', 'x', { type: 'str', plaintext: 'x', bytesPerIv: 1 }, 'a: x\n'],
  ['with the word bytes', 'x', { type: 'bytes', plaintext: 'x' }, 'a: x\n'],
  ['true as True', 'true', { type: 'bool', plaintext: 'True' }, 'a: true\n'],
  ['true as T', 'true', { type: 'bool', plaintext: 'T' }, 'a: true\n'],
  ['true as 1', 'true', { type: 'bool', plaintext: '1' }, 'a: true\n'],
  ['false as f', 'false', { type: 'bool', plaintext: 'f' }, 'a: false\n'],
  ['not true as yes', 'true', { type: 'bool', plaintext: 'yes' }, 'status 25'],
  ['a number with leading zeros', '17', { type: 'int', plaintext: '017' }, 'a: 17\n'],
  ['a negative number with leading zeros', '-17', { type: 'int', plaintext: '-0017' }, 'a: -17\n'],
  ['no number in hexadecimal', '31', { type: 'int', plaintext: '0x1F' }, 'status 25'],
  ['no number beyond 64 bits', '5', { type: 'int', plaintext: '9223372036854775808' }, 'status 25'],
  ['a float with an exponent', '1000.5', { type: 'float', plaintext: '1.0005e3' }, 'a: 1.0005e3\n'],
  ['a float in hexadecimal', '0.25', { type: 'float', plaintext: '0x1p-2' }, 'a: 0.25\n'],
  ['infinity in other words', '.inf', { type: 'float', plaintext: 'Infinity' }, 'a: .inf\n'],
  ['no number in other capitals', '.nan', { type: 'float', plaintext: 'nAN' }, 'a: .nan\n'],
  ['no time without a zone', '2024-01-02T03:04:05Z', { type: 'time', plaintext: '2024-01-02T03:04:05' }, 'status 25'],
] as const)('opens %s', async (_, value, sealing, expected) => {
  expect(await opened('f.yaml', `a: ${value}\n`, sealing)).toBe(expected);
});

test.each([
  ['a number with leading zeros', '17', { type: 'int', plaintext: '017' }, '17'],
  ['a number with a plus sign', '7', { type: 'int', plaintext: '+7' }, '7'],
  ['a float without digits before the point', '0.5', { type: 'float', plaintext: '.5' }, '0.5'],
  ['a float without digits behind the point', '2.0', { type: 'float', plaintext: '2.' }, '2'],
  ['a float with a plus sign', '1.5', { type: 'float', plaintext: '+1.5' }, '1.5'],
  ['a float with leading zeros', '1.5', { type: 'float', plaintext: '001.5' }, '1.5'],
  ['a float in hexadecimal', '0.25', { type: 'float', plaintext: '0x1p-2' }, '0.25'],
] as const)('opens, in JSON, %s', async (_, value, sealing, expected) => {
  expect(await opened('f.json', `{\n"a": ${value}\n}\n`, sealing)).toBe(`{\n"a": ${expected}\n}\n`);
});
