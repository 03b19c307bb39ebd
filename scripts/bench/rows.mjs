// What is measured: one row a command, a format, a shape and a size.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { suffixes } from './data.mjs';

const sizes = [30, 100, 1000, 20_000, 100_000];
/** A variable list of more is longer than Linux lets a program have. */
const mostVariables = 1000;

/** How often a row is run: a long one tells enough in few rounds. */
const effort = (count, isQuick) => {
  if (count >= 100_000) return { warmUps: 0, rounds: 1 };
  if (count >= 20_000) return { warmUps: 0, rounds: 3 };
  return isQuick ? { warmUps: 1, rounds: 10 } : { warmUps: 2, rounds: 25 };
};

/** Every row, in the order of the report. */
export function allRows(isQuick) {
  const counts = isQuick ? sizes.filter((count) => count <= 1000) : sizes;
  const rows = [{ id: 'version', ...effort(0, isQuick), argv: () => ['--version'], hasNode: true }];
  for (const count of counts) {
    for (const [format, shape] of isQuick ? [['yaml', 'nested']] : shapesOf(count)) {
      const base = { format, shape, count, ...effort(count, isQuick), hasNode: count <= 1000 };
      rows.push(decryptRow(base), encryptRow(base), setRow(base));
      if (shape === 'flat' && count <= mostVariables) rows.push(execRow(base));
    }
  }
  for (const shape of isQuick ? ['flat'] : [])
    rows.push(execRow({ format: 'yaml', shape, count: 30, ...effort(30, isQuick), hasNode: true }));
  for (const count of counts.filter((count) => count <= 1000))
    rows.push(decryptRow({ format: 'yaml', shape: 'nested', count, key: 'pgp', ...effort(count, isQuick), hasNode: true }));
  return [...rows, ...folderRows(isQuick)];
}

function shapesOf() {
  return [
    ['yaml', 'nested'],
    ['yaml', 'flat'],
    ['json', 'nested'],
    ['json', 'flat'],
    ['dotenv', 'flat'],
  ];
}

/** The files that a row needs: its plain text, and that text sealed. */
export function filesOf({ format, shape, count, key = 'age' }) {
  const name = `${format}-${shape}-${count}`;
  return { plain: `${name}.plain${suffixes[format]}`, sealed: `${name}.${key}${suffixes[format]}` };
}

function decryptRow(base) {
  const { sealed } = filesOf(base);
  return { ...base, id: idOf('decrypt', base), argv: () => ['decrypt', sealed] };
}

function encryptRow(base) {
  const { plain } = filesOf(base);
  return { ...base, id: idOf('encrypt', base), argv: ({ recipient }) => ['encrypt', '--age', recipient, plain] };
}

/** One value in the middle of a file, which is new in every round. */
function setRow(base) {
  const { sealed } = filesOf(base);
  const copy = `set-${sealed}`;
  const middle = Math.floor(base.count / 2);
  const section = base.shape === 'nested' ? `["section_${Math.floor(middle / 10)}"]` : '';
  return {
    ...base,
    id: idOf('set', base),
    prepare: (folder) => copyFileSync(join(folder, sealed), join(folder, copy)),
    argv: () => ['set', copy, `${section}["key_${middle}"]`, '"another value"'],
  };
}

function execRow(base) {
  const { sealed } = filesOf(base);
  const sec = ['exec', '-f', sealed, '--', 'true'];
  return { ...base, id: idOf('exec', base), argv: ({ name }) => (name === 'sops' ? ['exec-env', sealed, 'true'] : sec) };
}

function idOf(command, { format, shape, count, key }) {
  return [command, format, shape, String(count), ...(key === undefined ? [] : [key])].join('-');
}

/** Many files in one process. sops has one file a process, so there is nothing to compare with. */
function folderRows(isQuick) {
  const rounds = { warmUps: 0, rounds: isQuick ? 1 : 5 };
  const inFolder = (id, count, more) => ({ id, folder: { name: id, count }, format: 'yaml', shape: 'flat', count: 3, ...rounds, ...more });
  return [
    inFolder('read-1000-files', 1000, { without: ['sops'], argv: ({ files }) => ['updatekeys', '-y', ...files] }),
    inFolder('kms-300-files', 300, {
      without: ['sops'],
      kms: true,
      argv: ({ files }) => ['exec', ...files.flatMap((file) => ['-f', file]), '--', 'true'],
    }),
  ];
}
