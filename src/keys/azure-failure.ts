import { quoteWord } from '../shell-words.ts';
import { type AzureFault, faultIn } from './azure-fault.ts';
import type { SdkError } from './sdk-error.ts';
import { identityFailure } from './azure-failure-identity.ts';
import { type AzureIdentity, nameOf } from './azure-identity.ts';
import { type AzureKey, nameOfVault } from './azure-url.ts';
import type { Failure } from './key.ts';
import { proxyFailure } from './proxy-failure.ts';

/** What was tried. */
export interface AzureTry {
  readonly key: AzureKey;
  readonly identity: AzureIdentity;
  readonly action: 'get' | 'encrypt' | 'decrypt';
}

/** Why a call failed, and the command that puts it right. What the SDK said in its own words is never shown. */
export function explainAzure({ stage, cause }: SdkError, tried: AzureTry): Failure {
  const fault = faultIn(cause);
  const atStage = stage === 'identity' ? identityFailure(fault, tried.identity) : vaultFailure(fault, tried);
  const { vault } = tried.key;
  const place = stage === 'key' ? { name: vault, look: show(vault) } : login;
  return proxyFailure(fault.code) ?? atStage ?? networkFailure(fault, place) ?? unknownFailure(fault, place);
}

function vaultFailure({ status, code, inner, message }: AzureFault, { key, identity, action }: AzureTry): Failure | null {
  const { vault, name, version } = key;
  const which = `--vault-name ${quoteWord(nameOfVault(vault))} --name ${quoteWord(name)}`;
  if (status === 401) return { reason: 'denied', detail: `${vault} does not take ${nameOf(identity)}`, hint: 'az account show' };
  if (status === 403) return forbidden(`${inner} ${message}`, which, { key, identity, action });
  if (status === 404)
    return {
      reason: 'unreachable',
      detail: `${vault} has no key ${version === '' ? name : `${name} of that version`}`,
      hint: `az keyvault key list-versions ${which}`,
    };
  if (status === 400 && action === 'decrypt')
    return {
      reason: 'malformed',
      detail: 'the encrypted data key does not fit the key',
      hint: 'see who changed its entry with: git log -p',
    };
  if (status === 400)
    return { reason: 'unsupported', detail: 'the key is no RSA key for RSA-OAEP-256', hint: `az keyvault key show ${which}` };
  if (/doesn't match|does not match/.test(message) && code === '' && status === null)
    return {
      reason: 'denied',
      detail: `${vault} asks for a token of another service, and gets none`,
      hint: 'see who changed its entry with: git log -p',
    };
  return null;
}

function forbidden(words: string, which: string, { key: { vault, name }, identity, action }: AzureTry): Failure {
  if (/KeyDisabled|disabled/i.test(words))
    return { reason: 'denied', detail: `the key ${name} is disabled`, hint: `az keyvault key set-attributes ${which} --enabled true` };
  if (/ForbiddenByFirewall|ForbiddenByConnection|not authorized and caller is not a trusted service|public network access/i.test(words))
    return {
      reason: 'denied',
      detail: `the firewall of ${vault} lets nobody in from here`,
      hint: `az keyvault network-rule list --name ${quoteWord(nameOfVault(vault))}`,
    };
  return {
    reason: 'denied',
    detail: `${nameOf(identity)} is not allowed to ${action} with keys of ${vault}`,
    hint: 'az role assignment create --role "Key Vault Crypto User" --assignee WHO --scope ID-OF-THE-KEY',
  };
}

/** Who was asked, and the command that looks after it. */
interface Place {
  readonly name: string;
  readonly look: string;
}

const login: Place = { name: 'Microsoft Entra', look: 'check AZURE_AUTHORITY_HOST, if it is set: echo "$AZURE_AUTHORITY_HOST"' };

function networkFailure({ name, code, status }: AzureFault, { name: place, look }: Place): Failure | null {
  const unreachable = (detail: string, hint = again): Failure => ({ reason: 'unreachable', detail, hint });
  if (status === 429) return { ...unreachable(`${place} takes no more calls for now`), isBusy: true };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unreachable(`no address is known for ${place}: the network is down, or there is no such server`, look);
  if (code === 'ECONNREFUSED') return unreachable(`nothing answers at ${place}`, look);
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(code))
    return unreachable(
      `the certificate of ${place} is not trusted (${code})`,
      'export NODE_EXTRA_CA_CERTS=FILE, with the certificate of your network',
    );
  if (name === 'AbortError' || code === 'ETIMEDOUT') return unreachable(`${place} did not answer in time`);
  if (/^E[A-Z]+$/.test(code)) return unreachable(`the connection to ${place} broke (${code})`);
  return status !== null && status >= 500 ? unreachable(`${place} has a failure of its own (status ${status})`) : null;
}

const again = 'check the network, and run the same command again';

function show(vault: string): string {
  return `az keyvault show --name ${quoteWord(nameOfVault(vault))}`;
}

function unknownFailure({ status }: AzureFault, { name, look }: Place): Failure {
  const detail = status === null ? `${name} does not answer as it should` : `${name} answered with the status ${status}`;
  return { reason: 'unreachable', detail, hint: look };
}
