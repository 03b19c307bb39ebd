import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `test/peers/install` keeps what it built, by name and version: outside the tree, so that a fresh clone finds it again. */
export const peersFolder = process.env['SEC_PEERS'] ?? join(homedir(), '.cache', 'sec-peers');

/** The programs in that folder. A path is given whether or not the program is there: `need` tells. */
export const peers = {
  'sops-3.12.2': join(peersFolder, 'sops-3.12.2', 'sops'),
  'sops-3.13.3': join(peersFolder, 'sops-3.13.3', 'sops'),
  'age-1.3.1': join(peersFolder, 'age-1.3.1', 'age'),
  'age-keygen-1.3.1': join(peersFolder, 'age-1.3.1', 'age-keygen'),
  'age-plugin-batchpass-1.3.1': join(peersFolder, 'age-1.3.1', 'age-plugin-batchpass'),
  'moto-5.2.5': join(peersFolder, 'moto-5.2.5', 'bin', 'python'), // runs the module moto.server
  'openbao-2.7.2': join(peersFolder, 'openbao-2.7.2', 'bao'),
  'bun-1.4.5': join(peersFolder, 'bun-1.4.5', 'bun'),
  'kubectl-1.35.2': join(peersFolder, 'kubectl-1.35.2', 'kubectl'),
  'fake-gcs-server-0.1.1': join(peersFolder, 'fake-gcs-server-0.1.1', 'fake-gcs-server'),
} as const;

/** A program of a fixed version, as `<name>-<version>`. */
export type Peer = keyof typeof peers;
