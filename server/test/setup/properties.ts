import fc from 'fast-check'

/** Property tests draw the same cases on every run; `SEED=n` draws others. */
fc.configureGlobal({ seed: Number.parseInt(process.env.SEED ?? '20260401', 10) })
