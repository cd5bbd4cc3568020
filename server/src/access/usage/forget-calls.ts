import type { Clock } from '../../base/clock.ts'
import { eachApart } from '../../base/each-apart.ts'
import type { Store } from '../../events/store.ts'
import { deleteCallsBefore, listTenantsWithCallsBefore } from './queries.ts'

const KEPT_MS = 30 * 86_400_000
const BATCH = 5_000
/** Of one tenant in one run: 200,000 an hour are more calls than its limit lets it make in half an hour. */
const BATCHES_MAX = 40

/** Removes calls older than 30 days, in batches of their own transactions; what is left waits for the next run. */
export async function forgetCalls({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  const before = new Date(clock.now().getTime() - KEPT_MS)
  await eachApart(await store.directory((tx) => listTenantsWithCallsBefore(tx, before)), async (tenantId) => {
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const gone = await store.read(tenantId, (tx) => deleteCallsBefore(tx, before, BATCH))
      if (gone < BATCH) break
    }
  })
}
