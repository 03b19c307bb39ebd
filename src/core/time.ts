/** Times as RFC 3339 text with nanoseconds. `sops-format.md` §11.3, §12.2. */

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

interface Parts {
  readonly date: string;
  readonly fraction: string;
  readonly zone: string;
}

/** Whether a text is a strict RFC 3339 time with a possible date and at most nine digits of fraction. */
export function isTime(text: string): boolean {
  return parse(text) !== null;
}

/** The text as it goes into the MAC: trailing zeros of the fraction dropped, a zero offset as `Z`. @throws RangeError */
export function canonicalTime(text: string): string {
  const { date, fraction, zone } = parseOrThrow(text);
  const digits = fraction.replace(/0+$/, '');
  return date + (digits === '' ? '' : `.${digits}`) + zone;
}

/** The text in whole seconds: the additional data of the MAC, and a time as dotenv and INI print it. @throws RangeError */
export function timeInSeconds(text: string): string {
  const { date, zone } = parseOrThrow(text);
  return date + zone;
}

/** A moment as the metadata writes it: UTC, whole seconds, `Z`. */
export function formatTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

function parseOrThrow(text: string): Parts {
  const parts = parse(text);
  if (parts === null) throw new RangeError('not an RFC 3339 time');
  return parts;
}

function parse(text: string): Parts | null {
  const match = rfc3339.exec(text);
  if (!match) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] = match;
  const possible = isDate(+year, +month, +day) && +hour < 24 && +minute < 60 && +second < 60 && isZone(zone);
  if (!possible) return null;
  return { date: text.slice(0, 19), fraction, zone: zone.slice(1) === '00:00' ? 'Z' : zone };
}

/** Whether the calendar has that day. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day <= days;
}

function isZone(zone: string): boolean {
  return zone === 'Z' || (+zone.slice(1, 3) < 24 && +zone.slice(4, 6) < 60);
}
