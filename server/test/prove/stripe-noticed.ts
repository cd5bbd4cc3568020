import type { Check } from './check-invariants.ts'
import { compareWithTruth } from './stripe-compare.ts'
import type { StripeStage } from './stripe-stage.ts'

/** One cent, one state and one text wrong, each in one row. */
const BREAKS = [
  `update stripe_ledger set fee_minor = fee_minor + 1, net_minor = net_minor - 1
    where external_id = (select min(l.external_id) from stripe_ledger l join payouts p on p.id = l.payout_id where p.composition = 'itemised')`,
  `update transactions set amount_minor = amount_minor + 1
    where id = (select id from transactions where source = 'stripe' and direction = 'debit' order by id limit 1)`,
  `update transactions set reference = ''
    where id = (select id from transactions where source = 'stripe' and status = 'processed' and reference <> '' order by id limit 1)`,
  `update payouts set status = 'in_transit' where id = (select id from payouts where status = 'paid' order by id limit 1)`,
  `update transactions set match_status = 'unmatched'
    where id = (select id from transactions where match_status = 'transfer' order by id limit 1)`,
]
/** What must not notice any of it. */
const BLIND = /log|person/

/** Breaks what is known, and turns the checks round: a suite that cannot fail proves nothing. */
export async function noticed(stage: StripeStage): Promise<Check[]> {
  for (const sql of BREAKS) {
    const { rowCount } = await stage.pool.query(sql)
    if (rowCount !== 1) throw new Error(`nothing to break: ${sql}`)
  }
  return (await compareWithTruth(stage))
    .filter(({ name }) => !BLIND.test(name))
    .map(({ name, faults }) => ({
      name: `noticed: not ${name}`,
      faults: faults.length > 0 ? [] : ['nothing was noticed'],
    }))
}
