import type { Scaled } from '../base/clock.ts'
import { eachApart } from '../base/each-apart.ts'
import { idOf } from '../base/ids.ts'
import type { Store } from '../events/store.ts'
import type { Slice } from '../http/slice.ts'
import { removeKeysOver, tenantsWithKeysOver } from './queries.ts'
import { systemActor } from '../events/audit.ts'

const SWEEP_MS = 600_000
const KEYS_PER_CHANGE = 1_000
const KEYS_PER_SWEEP = 100_000

/** Removes keys after their 72 hours, a thousand of a tenant at a time. */
export function idempotencySlice({ store, scaled }: { store: Store; scaled: Scaled }): Slice {
  return {
    sweeps: [
      {
        name: 'idempotency keys',
        everyMs: scaled(SWEEP_MS),
        run: async () => {
          await eachApart(
            await store.directory((tx) => tenantsWithKeysOver(tx, KEYS_PER_SWEEP)),
            async (tenantUuid) => {
              const tenantId = idOf('ten', tenantUuid)
              let removed: number
              do {
                removed = await store.change(tenantId, systemActor('idempotency keys'), (tx) =>
                  removeKeysOver(tx, KEYS_PER_CHANGE),
                )
              } while (removed === KEYS_PER_CHANGE)
            },
          )
        },
      },
    ],
  }
}
