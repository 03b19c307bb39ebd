import fc from 'fast-check';

/** The same documents in every run, so that a failure is one of the change at hand. Others: `FC_SEED=7 npm test`. */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? '1') });
