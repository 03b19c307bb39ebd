import type * as ClientS3 from '@aws-sdk/client-s3';
import { SecError } from '../core/problem.ts';
import type { KeyWorld } from '../keys/key.ts';
import type { Destination } from './destination.ts';

/** A bucket of S3. The SDK finds region, credentials and endpoint as it does for every program. */
export function s3Bucket(bucket: string, prefix: string, { network }: KeyWorld): Destination {
  const labelFor = (name: string): string => `s3://${bucket}/${prefix}${name}`;
  return {
    labelFor,
    takesPlain: false,
    put: async (name, content) => {
      const { S3Client, PutObjectCommand } = await load();
      // Without one, the client of sops asks there too.
      const { http, https } = await network.agents();
      const client = new S3Client({ followRegionRedirects: true, requestHandler: { httpAgent: http, httpsAgent: https } });
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + name, Body: content }));
        return true;
      } catch (cause) {
        throw new SecError({ code: 'publish-failed', place: labelFor(name), reason: nameOf(cause) }, { cause });
      }
    },
  };
}

async function load(): Promise<typeof ClientS3> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (cause) {
    throw new SecError({ code: 'package-missing', name: '@aws-sdk/client-s3', purpose: 'publishing to S3' }, { cause });
  }
}

/** The kind of an error: its words may hold more than anybody should read. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
