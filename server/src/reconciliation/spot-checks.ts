import { createHash } from 'node:crypto'
import type { Id } from '../base/ids.ts'
import { uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Change } from '../events/store.ts'

/** One in so many automatic matches is shown to people for a look. */
export const SAMPLED_ONE_IN = 100
/** No more of them in a day (UTC) and tenant: people look at a few, not at many. */
const SAMPLED_A_DAY = 5

/** Whether the match is one of those, by its id alone: nothing that matching thought of it has a say. */
export const isSampled = (id: Id<'match'>): boolean =>
  createHash('sha256').update(uuidOf(id)).digest().readUInt32BE() % SAMPLED_ONE_IN === 0

/** Puts an automatic match that was just applied among those that people look at, unless the day has enough. Returns whether it is. */
export async function sample(tx: Change, id: Id<'match'>): Promise<boolean> {
  const today = `${tx.now.toISOString().slice(0, 10)}T00:00:00Z`
  const row = await tx.first<object>(
    `insert into spot_checks (tenant_id, match_id, sampled_at)
     select $1, $2, $3 where (select count(*) from spot_checks where tenant_id = $1 and sampled_at >= $4) < $5
     on conflict do nothing returning match_id`,
    [tx.tenantUuid, uuidOf(id), tx.now, today, SAMPLED_A_DAY],
  )
  return row !== undefined
}

export type CheckAnswer = 'right' | 'wrong'

/** What a person says of a match that was shown to them; of others nothing is written. Who takes back what was right before has another
 *  mind of it: the last answer counts. */
export async function answerCheck(
  tx: TenantTx,
  id: Id<'match'>,
  { answer, by, at }: { answer: CheckAnswer; by: string; at: Date },
): Promise<void> {
  await tx.run(
    'update spot_checks set answer = $3, answered_by = $4, answered_at = $5 where tenant_id = $1 and match_id = $2',
    [tx.tenantUuid, uuidOf(id), answer, by, at],
  )
}

/** What people said of those they looked at from `from` until before `to`, and how many still wait. */
export async function countChecks(
  tx: TenantTx,
  { from, to }: { from: string; to: string },
  timezone: string,
): Promise<{ waiting: number; right: number; wrong: number }> {
  return tx.one(
    `select (select count(*)::int from spot_checks s join matches m on m.tenant_id = s.tenant_id and m.id = s.match_id
              where s.tenant_id = $1 and s.answer is null and m.status = 'applied' and m.reversal_state is null) as waiting,
            (count(*) filter (where answer = 'right'))::int as right, (count(*) filter (where answer = 'wrong'))::int as wrong
       from spot_checks
      where tenant_id = $1 and answer is not null
        and answered_at >= $2::date::timestamp at time zone $4 and answered_at < ($3::date + 1)::timestamp at time zone $4`,
    [tx.tenantUuid, from, to, timezone],
  )
}
