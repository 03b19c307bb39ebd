import { quoteWord } from '../shell-words.ts';
import type { Failure } from './key.ts';
import type { VaultReply } from './vault-call.ts';
import { networkFailure } from './vault-failure-network.ts';
import { pathOf, type VaultKey } from './vault-uri.ts';

/** What was tried. */
export interface VaultTry {
  readonly key: VaultKey;
  readonly action: 'encrypt' | 'decrypt';
  /** The words for whose token it was. */
  readonly token: string;
  /** The namespace that was asked for; empty for none. */
  readonly namespace: string;
  /** How the program of Vault is called here, with the address where it would not know it. */
  readonly tool: string;
}

/** Why a call failed, and the command that puts it right. What the server said in its own words is never shown. */
export function explainVault(reply: VaultReply, tried: VaultTry): Failure {
  if (!reply.answered) return networkFailure(reply.code, tried.key.address);
  const { status, errors } = reply;
  if (errors === null) return notVault(status, tried);
  const words = errors.join('\n');
  return stateFailure(status, tried) ?? placeFailure(words, tried) ?? keyFailure(words, tried) ?? unknownFailure(status, tried);
}

/** Why a token is not let in, by what the server says of the token itself. */
export function explainRefusal(lookup: VaultReply, tried: VaultTry): Failure {
  const { key, action, token, tool } = tried;
  const path = pathOf(key, action);
  if (!isKnown(lookup))
    return { reason: 'expired-login', detail: `${token} has run out, was revoked, or is none of this server`, hint: `${tool} login` };
  return {
    reason: 'denied',
    detail: `${token} is not allowed update on ${path}`,
    hint: `see what it may do, and have that allowed: ${tool} token capabilities ${quoteWord(path)}`,
  };
}

/** Somebody without a token. */
export function noToken(address: string, why: string, tool: string): Failure {
  return { reason: 'no-key', detail: `there is no token for ${address}: ${why}`, hint: `${tool} login` };
}

/** A token without the default policy may not look at itself either; only of one that it knows the server lists the errors. */
function isKnown(lookup: VaultReply): boolean {
  if (!lookup.answered) return true;
  const words = (lookup.errors ?? []).join('\n');
  return lookup.status !== 403 || (/errors? occurred/.test(words) && !/invalid token|bad token/.test(words));
}

function stateFailure(status: number, { key, tool }: VaultTry): Failure | null {
  const { address } = key;
  const unreachable = (detail: string, hint: string): Failure => ({ reason: 'unreachable', detail, hint });
  if (status === 503) return unreachable(`${address} is sealed`, `${tool} operator unseal`);
  if (status === 501) return unreachable(`${address} is not set up yet`, `${tool} operator init`);
  if (status === 429) return { ...unreachable(`${address} takes no more calls for now`, again), isBusy: true };
  if (status === 472 || status === 473 || (status >= 300 && status < 400))
    return unreachable(`${address} is a standby, which does not answer itself`, `name the active server: ${tool} status`);
  return status >= 500 ? unreachable(`${address} has a failure of its own (status ${status})`, again) : null;
}

function placeFailure(words: string, { key, namespace, tool }: VaultTry): Failure | null {
  if (/namespace not found/.test(words))
    return {
      reason: 'unreachable',
      detail: `${key.address} has no namespace ${namespace}`,
      hint: 'check VAULT_NAMESPACE: echo "$VAULT_NAMESPACE"',
    };
  if (/no handler for route|unsupported path|unsupported operation/.test(words))
    return {
      reason: 'unreachable',
      detail: `${key.address} has no transit engine at ${key.engine}${inNamespace(namespace)}`,
      hint: `${tool} secrets list`,
    };
  if (/key not found|soft.?deleted/.test(words))
    return {
      reason: 'unreachable',
      detail: `there is no key ${key.name} in ${key.engine}${inNamespace(namespace)}`,
      hint: `${tool} list ${quoteWord(`${key.engine}/keys`)}`,
    };
  return /HTTP request to an HTTPS server/.test(words)
    ? { reason: 'unreachable', detail: `${key.address} speaks https`, hint: 'have the address of the key begin with https://' }
    : null;
}

function keyFailure(words: string, { key, action, tool }: VaultTry): Failure | null {
  const describe = `${tool} read ${quoteWord(`${key.engine}/keys/${key.name}`)}`;
  if (/not support/.test(words))
    return { reason: 'unsupported', detail: `a key of the type of ${key.name} cannot ${action}`, hint: describe };
  if (/too old|disallowed by policy/.test(words))
    return {
      reason: 'denied',
      detail: `${key.name} decrypts no more what its old versions encrypted`,
      hint: `see min_decryption_version: ${describe}`,
    };
  if (/version is too new/.test(words))
    return { reason: 'wrong-key', detail: `the data key was encrypted by a version of ${key.name} that is not there`, hint: describe };
  return /authentication failed|invalid ciphertext|illegal base64|unable to decrypt|could not decode/.test(words)
    ? { reason: 'malformed', detail: 'the encrypted data key does not fit the key', hint: 'see who changed its entry with: git log -p' }
    : null;
}

function notVault(status: number, { key }: VaultTry): Failure {
  return {
    reason: 'unreachable',
    detail: `${key.address} does not answer as Vault or OpenBao does (status ${status})`,
    hint: `curl ${quoteWord(`${key.address}/v1/sys/health`)}`,
  };
}

function unknownFailure(status: number, { key, action, tool }: VaultTry): Failure {
  const detail = `${key.address} refused ${pathOf(key, action)} with the status ${status}`;
  return { reason: 'unreachable', detail, hint: `${tool} write ${quoteWord(pathOf(key, action))}` };
}

function inNamespace(namespace: string): string {
  return namespace === '' ? '' : ` of the namespace ${namespace}`;
}

const again = 'wait a little, and run the same command again';
