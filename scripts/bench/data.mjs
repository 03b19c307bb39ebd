// The plain texts of a measurement: values of 16 to 64 characters, the same in every run. `flat` has all keys in one map, `nested` has
// sections of ten, since sops is much slower with the one than with the other.

import { seededRandom } from './random.mjs';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const perSection = 10;

const printers = {
  yaml: { flat: (entries) => lines(entries, ({ key, value }) => `${key}: ${value}`), nested: nestedYaml },
  json: { flat: (entries) => json(Object.fromEntries(entries.map(pair))), nested: nestedJson },
  dotenv: { flat: (entries) => lines(entries, ({ key, value }) => `${key}=${value}`) },
};

export const suffixes = { yaml: '.yaml', json: '.json', dotenv: '.env' };

export function plainText(format, shape, count) {
  const random = seededRandom(count);
  const entries = Array.from({ length: count }, (_, index) => ({ key: `key_${index}`, value: valueOf(random) }));
  return printers[format][shape](entries);
}

function valueOf(random) {
  const length = 16 + Math.floor(random() * 49);
  const rest = Array.from({ length: length - 1 }, () => letters[Math.floor(random() * letters.length)]);
  return `v${rest.join('')}`;
}

function nestedYaml(entries) {
  return sections(entries)
    .map((section, index) => `section_${index}:\n${lines(section, ({ key, value }) => `    ${key}: ${value}`)}`)
    .join('');
}

function nestedJson(entries) {
  return json(Object.fromEntries(sections(entries).map((section, index) => [`section_${index}`, Object.fromEntries(section.map(pair))])));
}

function sections(entries) {
  return Array.from({ length: Math.ceil(entries.length / perSection) }, (_, index) =>
    entries.slice(index * perSection, (index + 1) * perSection),
  );
}

function json(value) {
  return `${JSON.stringify(value, null, '\t')}\n`;
}

function pair({ key, value }) {
  return [key, value];
}

function lines(entries, print) {
  return entries.map((entry) => `${print(entry)}\n`).join('');
}
