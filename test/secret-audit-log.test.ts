import { describe, expect, test } from 'vitest';
import type { Context } from '../src/context.ts';
import { parseEvent, placeOfLog, usualPlaceOfLog, writeLog } from '../src/secret-audit-log.ts';
import { contextOf, makeWorld } from './helpers/sec.ts';

/** A world whose log is a list of lines. */
function worldWith(env: Readonly<Record<string, string>>, platform = 'linux'): { readonly context: Context; readonly lines: string[] } {
  const context = contextOf(makeWorld({}, { env }), {}, { out: [], err: '' });
  const lines: string[] = [];
  const append = async (path: string, line: Uint8Array): Promise<void> => void lines.push(path, Buffer.from(line).toString());
  const caller = async (): ReturnType<Context['system']['caller']> => ({ user: 'alice', uid: null, pid: 7, program: null });
  return {
    context: {
      ...context,
      platform,
      home: platform === 'win32' ? 'C:\\Users\\alice' : '/home/alice',
      system: { ...context.system, append, caller },
    },
    lines,
  };
}

describe('a line', () => {
  test('has no login of an address, and an end', async () => {
    const { context, lines } = worldWith({ SEC_AUDIT_LOG: '/log' });
    const openedBy = ['https://user:hunter2@vault:8200/v1/transit/keys/a', ...Array.from({ length: 40 }, () => 'k'.repeat(5000))];
    await writeLog(context, { action: 'decrypt', file: `/${'\u0001'.repeat(9000)}`, openedBy });
    const [place, line = ''] = lines;

    expect([place, line]).toEqual(['/log', expect.stringContaining('"https://…@vault:8200/v1/transit/keys/a"')]);
    expect(line).not.toContain('hunter2');
    expect(Buffer.byteLength(line)).toBeLessThan(64 * 1024);
    expect(parseEvent(line)?.openedBy.length).toBe(32);
  });

  test('is one line, whatever the file is called, and says the same when it is read', async () => {
    const { context, lines } = worldWith({ SEC_AUDIT_LOG: '/log' });
    await writeLog(context, { action: 'encrypt', file: '/a\nb\u2028c\u001b[2J\ud800', openedBy: [] });
    const text = lines[1] ?? '';

    expect(text.match(/\n/g)).toEqual(['\n']);
    expect(parseEvent(text)).toEqual({
      time: '2026-01-02T03:04:05.000Z',
      action: 'encrypt',
      file: '/a\nb\u2028c\u001b[2J\ud800',
      openedBy: [],
      user: 'alice',
      uid: null,
      pid: 7,
      program: null,
      actor: null,
    });
  });
});

describe('the place of the log', () => {
  test('on Windows is among the data of programs that stay on the machine', async () => {
    const at = (env: Readonly<Record<string, string>>): string => usualPlaceOfLog(worldWith(env, 'win32').context);

    expect(at({ LOCALAPPDATA: 'D:\\Local' })).toBe('D:\\Local\\sec\\audit.jsonl');
    expect(at({})).toBe('C:\\Users\\alice\\AppData\\Local\\sec\\audit.jsonl');
    expect(await placeOfLog(worldWith({ SEC_AUDIT_LOG: 'D:\\log' }, 'win32').context)).toBe('D:\\log');
    await expect(placeOfLog(worldWith({ SEC_AUDIT_LOG: 'D:log' }, 'win32').context)).rejects.toMatchObject({ problem: { code: 'usage' } });
  });

  test('elsewhere is the folder for the state of programs', () => {
    expect(usualPlaceOfLog(worldWith({}).context)).toBe('/home/alice/.local/state/sec/audit.jsonl');
    expect(usualPlaceOfLog(worldWith({ XDG_STATE_HOME: '/s' }).context)).toBe('/s/sec/audit.jsonl');
  });
});
