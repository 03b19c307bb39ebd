import { expect, test } from 'vitest';
import { canonicalTime, formatTime, isTime, timeInSeconds } from '../../src/core/time.ts';

test.each([
  ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
  ['2024-01-01T00:00:00.500Z', '2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00Z'],
  ['2024-01-01T00:00:00.000+00:00', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
  ['2024-02-29T23:59:59.123456789+07:06', '2024-02-29T23:59:59.123456789+07:06', '2024-02-29T23:59:59+07:06'],
])('%s is %s in the MAC and %s in seconds', (text, canonical, seconds) => {
  expect(canonicalTime(text)).toBe(canonical);
  expect(timeInSeconds(text)).toBe(seconds);
});

test.each([
  '2023-02-29T00:00:00Z',
  '2024-01-01',
  '2024-01-01t00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:00:00',
  '2024-01-01T00:00:00.1234567890Z',
])('%s is no time', (text) => {
  expect(isTime(text)).toBe(false);
  expect(() => canonicalTime(text)).toThrow(RangeError);
});

test('writes a moment in UTC, whatever the zone of the machine', () => {
  expect(formatTime(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 999)))).toBe('2026-01-02T03:04:05Z');
});
