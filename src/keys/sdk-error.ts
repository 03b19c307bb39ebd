/** At what a call of a cloud failed: at finding out who we are, at taking on a role, or at the key itself. */
export type SdkStage = 'identity' | 'role' | 'key';

/** What an SDK threw, and where. Its message is the SDK's in no part, since that may hold the output of a program. */
export class SdkError extends Error {
  readonly stage: SdkStage;

  constructor(stage: SdkStage, cause: unknown) {
    super('a call of a cloud failed', { cause });
    this.name = 'SdkError';
    this.stage = stage;
  }
}
