import { quoteWord } from '../shell-words.ts';
import type { AzureFault } from './azure-fault.ts';
import { type AzureIdentity, nameOf } from './azure-identity.ts';
import type { Failure } from './key.ts';

/** Why there was no token; `null` where it is no matter of the identity. Microsoft tells most of this by numbers within a text. */
export function identityFailure({ code, message }: AzureFault, identity: AzureIdentity): Failure | null {
  if (/AADSTS(700082|700084|50173|70008|50078|50076|50079|53003)|refresh token has expired/.test(message) || isLoggedOut(message))
    return { reason: 'expired-login', detail: `${nameOf(identity)} has run out`, hint: remedy(identity) };
  if (/AADSTS7000222/.test(message))
    return { reason: 'expired-login', detail: `the secret of ${nameOf(identity)} has run out`, hint: newSecret(identity) };
  if (/AADSTS700024/.test(message))
    return { reason: 'expired-login', detail: 'the token of this job has run out', hint: 'run the job again: it is given a new token' };
  if (/AADSTS(700213|70021|700212|700211|50013)\b/.test(message)) return noTrust(identity);
  if (/AADSTS(90002|900023)/.test(message))
    return { reason: 'denied', detail: 'there is no tenant of the id in AZURE_TENANT_ID', hint: 'echo "$AZURE_TENANT_ID"' };
  if (/AADSTS/.test(message))
    return { reason: 'denied', detail: `Microsoft Entra does not take ${nameOf(identity)}`, hint: remedy(identity) };
  if (identity.kind === 'managed') return { reason: 'no-key', detail: 'this machine has no such managed identity', hint: remedy(identity) };
  if (code === 'ENOENT' && identity.kind !== 'cli') return unreadable(identity);
  if (identity.kind === 'cli')
    return {
      reason: 'denied',
      detail: 'az gave no token',
      hint: 'az account get-access-token --resource https://vault.azure.net --query expiresOn',
    };
  return null;
}

function isLoggedOut(message: string): boolean {
  return /az login|run.+login.+again|interaction is required/i.test(message);
}

function noTrust(identity: AzureIdentity): Failure {
  return {
    reason: 'denied',
    detail: `Microsoft Entra takes no such token for ${nameOf(identity)}`,
    hint: `compare the claims of the token with: az ad app federated-credential list --id ${clientOf(identity)}`,
  };
}

function unreadable(identity: AzureIdentity): Failure {
  const [name, file] =
    identity.kind === 'job'
      ? ['AZURE_FEDERATED_TOKEN_FILE', identity.file]
      : ['AZURE_CLIENT_CERTIFICATE_PATH', 'file' in identity ? identity.file : ''];
  return { reason: 'bad-key-file', detail: `${name} names ${file}, which cannot be read (ENOENT)`, hint: `ls -l "$${name}"` };
}

function newSecret(identity: AzureIdentity): string {
  return `az ad app credential reset --id ${clientOf(identity)}`;
}

function clientOf(identity: AzureIdentity): string {
  return 'client' in identity && identity.client !== null ? quoteWord(identity.client) : 'APPLICATION';
}

function remedy(identity: AzureIdentity): string {
  switch (identity.kind) {
    case 'secret':
    case 'certificate':
      return `see its secrets with: az ad app credential list --id ${clientOf(identity)}`;
    case 'job':
      return `az ad app federated-credential list --id ${clientOf(identity)}`;
    case 'managed':
      return 'give it one with: az vm identity assign, or az webapp identity assign';
    case 'cli':
      return 'az login';
  }
}
