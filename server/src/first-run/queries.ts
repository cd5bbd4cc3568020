import { type Id, idOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import { MATCH_JOB } from '../transactions/index.ts'

/** What became of the month, in numbers. */
export interface Figures {
  linesRead: number
  paymentsIn: number
  invoicesMirrored: number
  booked: number
  underWay: number
  waiting: number
  noInvoice: number
  bookedByHand: number
  /** Charges at Stripe that brought money. */
  cardPayments: number
  /** Those that the gateway had recorded in WHMCS. */
  cardsRecorded: number
  /** Those that it missed: their invoices are open, and a person decides. */
  cardsWaiting: number
  /** Those that went back whole, by refund or dispute. */
  cardsReturned: number
  payouts: number
  /** Taken apart to the cent. */
  payoutsExplained: number
  /** Found on the bank account. The newest may be on its way. */
  payoutsFound: number
}

export async function countMonth(tx: TenantTx): Promise<Figures> {
  const row = await tx.one<Record<string, string>>(
    `select
       (select count(*) from transactions where tenant_id = $1 and source <> 'stripe') as lines_read,
       (select count(*) from transactions where tenant_id = $1 and direction = 'credit' and status = 'processed' and source <> 'stripe') as payments_in,
       (select count(*) from invoices where tenant_id = $1) as invoices_mirrored,
       (select count(*) from transactions where tenant_id = $1 and match_status = 'applied') as booked,
       (select count(*) from payments where tenant_id = $1 and state in ('pending', 'sending', 'unknown')) as under_way,
       (select count(*) from transactions where tenant_id = $1 and match_status = 'suggested') as waiting,
       (select count(*) from transactions
         where tenant_id = $1 and match_status = 'unmatched' and direction = 'credit' and status = 'processed') as no_invoice,
       (select count(*) from matches m join transactions t on t.tenant_id = m.tenant_id and t.id = m.transaction_id
         where m.tenant_id = $1 and m.decided_by = 'system:already_booked' and t.source <> 'stripe') as booked_by_hand,
       (select count(*) from stripe_charges where tenant_id = $1 and status = 'succeeded' and captured) as card_payments,
       (select count(*) from matches m join transactions t on t.tenant_id = m.tenant_id and t.id = m.transaction_id
         where m.tenant_id = $1 and m.decided_by = 'system:already_booked' and t.source = 'stripe') as cards_recorded,
       (select count(*) from transactions where tenant_id = $1 and source = 'stripe' and match_status = 'suggested') as cards_waiting,
       (select count(*) from stripe_charges c join transactions t on t.tenant_id = c.tenant_id and t.id = c.transaction_id
         where c.tenant_id = $1 and c.status = 'succeeded' and t.void) as cards_returned,
       (select count(*) from payouts where tenant_id = $1) as payouts,
       (select count(*) from payouts where tenant_id = $1 and composition_note is null and difference_minor = 0) as payouts_explained,
       (select count(*) from payouts where tenant_id = $1 and bank_transaction_id is not null) as payouts_found`,
    [tx.tenantUuid],
  )
  const count = (name: string) => Number.parseInt(row[name] ?? '0', 10)
  return {
    linesRead: count('lines_read'),
    paymentsIn: count('payments_in'),
    invoicesMirrored: count('invoices_mirrored'),
    booked: count('booked'),
    underWay: count('under_way'),
    waiting: count('waiting'),
    noInvoice: count('no_invoice'),
    bookedByHand: count('booked_by_hand'),
    cardPayments: count('card_payments'),
    cardsRecorded: count('cards_recorded'),
    cardsWaiting: count('cards_waiting'),
    cardsReturned: count('cards_returned'),
    payouts: count('payouts'),
    payoutsExplained: count('payouts_explained'),
    payoutsFound: count('payouts_found'),
  }
}

/** One line with what was made of it, for a person to read. */
export interface Story {
  matchId: Id<'match'>
  transactionId: Id<'txn'>
  day: string
  payer: string
  text: string
  amountMinor: bigint
  currency: string
  confidence: string
  reasons: { code: string; weight: number; text: string }[]
  withheld: { code: string; text: string }[]
  allocations: { number: string; client: string; amountMinor: bigint }[]
  transid: string | null
  appliedAt: Date | null
}

const STORY = `select m.id as match_id, t.id as transaction_id, t.booked_on::text as day, t.counterparty_name as payer, t.description as text,
    t.amount_minor, t.currency, m.confidence, m.reasons, m.withheld, p.transid, p.applied_at,
    (select json_agg(json_build_object('number', coalesce(nullif(i.number, ''), i.external_id),
              'client', coalesce(nullif(c.company, ''), c.name), 'amount_minor', l.amount_minor::text) order by l.position)
       from match_allocations l
       join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
       join clients c on c.tenant_id = i.tenant_id and c.id = i.client_id
      where l.tenant_id = m.tenant_id and l.match_id = m.id) as allocations
  from matches m
  join transactions t on t.tenant_id = m.tenant_id and t.id = m.transaction_id
  left join lateral (select transid, applied_at from payments p where p.tenant_id = m.tenant_id and p.match_id = m.id order by id limit 1) p on true`

/** A payment that was booked without a person, the surest first. */
export async function findSure(tx: TenantTx): Promise<Story | undefined> {
  const row = await tx.first<StoryRecord>(
    `${STORY} where m.tenant_id = $1 and m.status = 'applied' and p.transid is not null
      order by m.match_reason like '%amount_exact_match%' and m.match_reason like '%reference_contains_invoice_id%' desc,
               length(t.description) desc, m.id limit 1`,
    [tx.tenantUuid],
  )
  return row && storyOf(row)
}

/** What waits for a person, the largest amounts first. */
export async function listDoubtful(tx: TenantTx, limit: number): Promise<Story[]> {
  const rows = await tx.many<StoryRecord>(
    `${STORY} where m.tenant_id = $1 and m.status = 'suggested' order by t.amount_minor desc, m.id limit $2`,
    [tx.tenantUuid, limit],
  )
  return rows.map(storyOf)
}

/** The signed event that told other systems of this match. */
export async function findEvent(
  tx: TenantTx,
  matchId: string,
): Promise<{ id: string; type: string; deliveredStatus: string | null } | undefined> {
  const row = await tx.first<{ id: string; type: string; status: string | null }>(
    `select e.id, e.type, (select d.status from deliveries d where d.tenant_id = e.tenant_id and d.event_id = e.id order by d.id limit 1) as status
       from events e where e.tenant_id = $1 and e.resource_id = $2 and e.type = 'match.applied' order by e.id desc limit 1`,
    [tx.tenantUuid, matchId],
  )
  return row && { id: idOf('evt', row.id), type: row.type, deliveredStatus: row.status }
}

/** Our side of the ledger: what we say we booked. */
export async function listBooked(
  tx: TenantTx,
): Promise<{ transid: string; invoiceExternalId: string; number: string; amountMinor: bigint; currency: string }[]> {
  const rows = await tx.many<{
    transid: string
    external_id: string
    number: string
    amount_minor: string
    currency: string
  }>(
    `select p.transid, i.external_id, coalesce(nullif(i.number, ''), i.external_id) as number, p.amount_minor, p.currency
       from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where p.tenant_id = $1 and p.state = 'applied' order by p.applied_at desc, p.id desc`,
    [tx.tenantUuid],
  )
  return rows.map((row) => ({
    transid: row.transid,
    invoiceExternalId: row.external_id,
    number: row.number,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
  }))
}

interface StoryRecord {
  match_id: string
  transaction_id: string
  day: string
  payer: string
  text: string
  amount_minor: string
  currency: string
  confidence: string
  reasons: Story['reasons']
  withheld: Story['withheld']
  allocations: { number: string; client: string; amount_minor: string }[] | null
  transid: string | null
  applied_at: Date | null
}

const storyOf = (row: StoryRecord): Story => ({
  matchId: idOf('match', row.match_id),
  transactionId: idOf('txn', row.transaction_id),
  day: row.day,
  payer: row.payer,
  text: row.text,
  amountMinor: BigInt(row.amount_minor),
  currency: row.currency,
  confidence: row.confidence,
  // What speaks most for it comes first; the caution before looking comes last.
  reasons: [...row.reasons].sort((one, other) => other.weight - one.weight),
  withheld: row.withheld,
  allocations: (row.allocations ?? []).map(({ number, client, amount_minor }) => ({
    number,
    client,
    amountMinor: BigInt(amount_minor),
  })),
  transid: row.transid,
  appliedAt: row.applied_at,
})

/** Whether lines are being matched, or are about to be: on a slow machine runs rest between each other, and figures that stand still
 *  are not the last. */
export const isMatchingAhead = async (tx: TenantTx): Promise<boolean> =>
  (await tx.first<object>(
    `select 1 as ahead from pgboss.job
      where name = $1 and data->>'tenantId' = $2 and state in ('created', 'retry', 'active')
        and start_after < now() + interval '90 seconds' limit 1`,
    [MATCH_JOB, tx.tenantId],
  )) !== undefined
