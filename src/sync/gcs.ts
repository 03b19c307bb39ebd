import { SecError } from '../core/problem.ts';
import { connectToStorage } from '../keys/gcp-storage.ts';
import type { KeyWorld } from '../keys/key.ts';
import type { Destination } from './destination.ts';

/** A bucket of Google Cloud Storage, by its JSON API. */
export function gcsBucket(bucket: string, prefix: string, world: KeyWorld): Destination {
  const labelFor = (name: string): string => `gcs://${bucket}/${prefix}${name}`;
  return {
    labelFor,
    takesPlain: false,
    put: async (name, content) => {
      const storage = await connectToStorage(world);
      const fail = (reason: string, cause?: unknown): SecError =>
        new SecError({ code: 'publish-failed', place: labelFor(name), reason }, { cause });
      if ('failure' in storage) throw fail(storage.failure.detail);
      const url = `${storage.url}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?uploadType=media&name=${encodeURIComponent(prefix + name)}`;
      const headers = { ...storage.headers, 'content-type': 'application/octet-stream' };
      const body = Buffer.from(content).toString('utf8');
      try {
        const { status } = await world.network.request({ method: 'POST', url, headers, body, tls, signal: world.signal ?? null, limits });
        if (status >= 300) throw fail(`it answers with ${status}`);
        return true;
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause)) throw cause;
        throw fail(String(cause.code), cause);
      }
    },
  };
}

const tls = { ca: null, certificate: null, key: null, serverName: null };
const limits = { connectMs: 5_000, answerMs: 30_000 };
