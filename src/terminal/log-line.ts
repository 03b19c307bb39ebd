import { printable } from './words.ts';

/** A line of sops's log, as it stands where standard error is no terminal (`sops-cli.md` §11). */
export function logLine(logger: string, level: 'info' | 'warning' | 'error' | 'fatal', message: string, now: Date): string {
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return `[${logger}]\t ${printable(`time="${time}" level=${level} msg=${JSON.stringify(message)}`)}`;
}
