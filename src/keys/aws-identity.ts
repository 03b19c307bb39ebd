import { quoteWord } from '../shell-words.ts';
import { awsProfiles } from './aws-profiles.ts';
import { remembered, type KeyWorld } from './key.ts';

/** As whom AWS is asked, before any role is taken on. */
export type AwsIdentity =
  /** The access key of the variables. */
  | { readonly kind: 'keys' }
  /** `settings` are `null` where this machine has no such profile; `chosenBy` is the variable, or `null` for the entry of the file. */
  | {
      readonly kind: 'profile';
      readonly name: string;
      readonly chosenBy: string | null;
      readonly settings: ReadonlyMap<string, string> | null;
      readonly files: readonly string[];
    }
  /** A token of this machine's own, such as GitHub's, that AWS takes for a role. */
  | { readonly kind: 'web-identity'; readonly tokenFile: string; readonly role: string; readonly session: string | null }
  /** The role of a container: ECS, EKS. */
  | { readonly kind: 'container' }
  /** What the SDK finds: the default profile, or the role of this machine. */
  | { readonly kind: 'default' };

/**
 * The identities to try for a key, in this order: the profile of SEC_AWS_PROFILE, and then no other; what the environment says;
 * the profile that the file names, if this machine has it; what the SDK finds. Where the environment says something, the SDK finds no
 * more than that.
 */
export async function identitiesFor(fileProfile: string, world: KeyWorld): Promise<readonly AwsIdentity[]> {
  const chosen = world.env['SEC_AWS_PROFILE'] ?? '';
  if (chosen !== '') return [await profile(world, chosen, 'SEC_AWS_PROFILE')];
  const given = await fromEnvironment(world);
  const named = fileProfile === '' ? null : await profile(world, fileProfile, null);
  const here = named?.kind === 'profile' && named.settings !== null ? [named] : [];
  const identities = given === null ? here : [given, ...here.filter(({ name }) => !isProfile(given, name))];
  if (identities.length > 0) return identities;
  if (named?.kind === 'profile') warnOnce(world, named.name, named.files);
  return [{ kind: 'default' }];
}

/** The role of `SEC_AWS_ROLE`, or that of the file. `none` is no role. */
export function roleFor(fileRole: string, { env }: KeyWorld): string {
  const chosen = env['SEC_AWS_ROLE'] ?? '';
  return chosen === '' ? fileRole : chosen === 'none' ? '' : chosen;
}

/** Whether that identity comes with the role, so that nothing has to be taken on. */
export function hasRole(identity: AwsIdentity, role: string): boolean {
  if (identity.kind === 'web-identity') return identity.role === role;
  return identity.kind === 'profile' && identity.settings?.get('role_arn') === role;
}

/** The identity in words, to stand in a sentence. Different identities of a command have different words. */
export function nameOf(identity: AwsIdentity): string {
  switch (identity.kind) {
    case 'keys':
      return 'the access key of AWS_ACCESS_KEY_ID';
    case 'profile':
      return `the AWS profile ${identity.name}`;
    case 'web-identity':
      return `the web identity for ${identity.role}`;
    case 'container':
      return 'the AWS role of this container';
    case 'default':
      return 'the default AWS identity of this machine';
  }
}

/** How the AWS command line is told to be that identity. */
export function profileFlag(identity: AwsIdentity): string {
  return identity.kind === 'profile' ? ` --profile ${quoteWord(identity.name)}` : '';
}

/** The order of the AWS tools: keys, a profile, a token, a container. */
async function fromEnvironment(world: KeyWorld): Promise<AwsIdentity | null> {
  const variable = (name: string): string => world.env[name] ?? '';
  if (variable('AWS_ACCESS_KEY_ID') !== '' && variable('AWS_SECRET_ACCESS_KEY') !== '') return { kind: 'keys' };
  const chooser = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'].find((name) => variable(name) !== '');
  if (chooser !== undefined) return profile(world, variable(chooser), chooser);
  const [tokenFile, role] = [variable('AWS_WEB_IDENTITY_TOKEN_FILE'), variable('AWS_ROLE_ARN')];
  if (tokenFile !== '' && role !== '') return { kind: 'web-identity', tokenFile, role, session: variable('AWS_ROLE_SESSION_NAME') || null };
  const container = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  return container.some((name) => variable(name) !== '') ? { kind: 'container' } : null;
}

async function profile(world: KeyWorld, name: string, chosenBy: string | null): Promise<AwsIdentity> {
  const profiles = await awsProfiles(world);
  return { kind: 'profile', name, chosenBy, settings: profiles.find(name), files: profiles.files };
}

function isProfile(identity: AwsIdentity, name: string): boolean {
  return identity.kind === 'profile' && identity.name === name;
}

function warnOnce(world: KeyWorld, name: string, files: readonly string[]): void {
  remembered(world, `aws: no profile ${name}`, () => {
    world.warn(`the AWS profile ${name}, which a file names, is not in ${files.join(' or ')}: going on with the default identity`);
    return true;
  });
}
