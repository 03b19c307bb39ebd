import type { StoredKey } from '../core/metadata.ts';

/** A key of Google Cloud KMS by its resource id (`sops-format.md` §15.4), in its parts. */
export interface GcpKey {
  readonly project: string;
  readonly location: string;
  readonly ring: string;
  readonly name: string;
}

/** What a recipient must look like. */
export const idShape = 'it is no id of a key, as in projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/NAME';

const shape = /^projects\/([^/]+)\/locations\/([^/]+)\/keyRings\/([^/]+)\/cryptoKeys\/([^/]+)$/;

/** The parts of a resource id, whose spaces count for nothing; `null` for what is none. A version of a key is none either. */
export function partsOf(id: string): GcpKey | null {
  const [, project, location, ring, name] = shape.exec(withoutSpaces(id)) ?? [];
  if (project === undefined || location === undefined || ring === undefined || name === undefined) return null;
  return { project, location, ring, name };
}

/** The resource id, as it is written and compared. */
export function withoutSpaces(id: string): string {
  return id.replaceAll(' ', '');
}

/** The resource id that an entry of a file names. Nothing is checked. */
export function readGcpId({ fields }: StoredKey): string {
  const id = fields.get('resource_id');
  return typeof id === 'string' ? withoutSpaces(id.trim()) : '';
}
