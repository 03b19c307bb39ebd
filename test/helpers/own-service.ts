import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { KeyWorld } from '../../src/keys/key.ts';
import { type Asked, keyServer } from '../../src/keys/service-server.ts';
import { nodeNetwork } from '../../src/node-network.ts';

/** A key service of ours in this process, and what it was asked. */
export interface OwnService {
  readonly url: string;
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Starts one with the keys of a world, until the end of the test. `allows`: what whoever is asked there says. */
export async function ownService(world: () => KeyWorld, allows: (asked: Asked) => boolean = () => true): Promise<OwnService> {
  const folder = mkdtempSync(join(tmpdir(), 'sec-'));
  const path = join(folder, 'socket');
  const asked: string[] = [];
  const server = await keyServer({
    world,
    allows: (one) => Promise.resolve(allows(one)),
    log: (one, outcome) => void asked.push(`${one === null ? 'nothing' : `${one.does} ${one.kind}`}: ${outcome}`),
  });
  const stop = new AbortController();
  let served: Promise<void> = Promise.resolve();
  await new Promise<void>((ready) => {
    served = nodeNetwork().serve({ path }, { take: server.take, ready, stop: stop.signal });
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await served;
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  onTestFinished(end);
  return { url: `unix://${path}`, asked, stop: end };
}
