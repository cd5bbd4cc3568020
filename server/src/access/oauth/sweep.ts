import { eachApart } from '../../base/each-apart.ts'
import type { Sweep } from '../../http/slice.ts'
import type { OAuth } from './deps.ts'
import { forgetOldTokens, listTenantsWithOldTokens } from './grant-queries.ts'

const EVERY_MS = 10 * 60_000
const AT_ONCE = 5_000

/** Removes codes and tokens that have run out, and grants with nothing left. Nothing depends on it: they are refused by their
 *  times already. */
export const oauthSweep = ({ store, clock }: OAuth): Sweep => ({
  name: 'oauth.sweep',
  everyMs: EVERY_MS,
  run: async () => {
    const now = clock.now()
    await eachApart(await store.directory((tx) => listTenantsWithOldTokens(tx, now, AT_ONCE)), (tenantId) =>
      store.read(tenantId, (tx) => forgetOldTokens(tx, now)),
    )
  },
})
