import type { AccessKey } from './moto.ts';
import { peerFolder, type PeerFolder } from './peer-folder.ts';

/** A folder in which the built `sec` and the real sops work on the same files, with the same AWS and nothing of the tester's. */
export type AwsFolder = PeerFolder;

/** @param env how AWS is reached, and as whom */
export function awsFolder(env: Readonly<Record<string, string>> | AccessKey): AwsFolder {
  return peerFolder({ AWS_EC2_METADATA_DISABLED: 'true', ...env });
}
