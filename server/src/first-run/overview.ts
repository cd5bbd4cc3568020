import type { TenantId } from '../base/ids.ts'
import { formatAmount } from '../base/money.ts'
import type { Store } from '../events/store.ts'
import { findPayoutStory, type PayoutStory } from './payout-story.ts'
import { countMonth, type Figures, findEvent, findSure, listBooked, listDoubtful, type Story } from './queries.ts'
import type { Simulators } from './simulators.ts'

/** A row of WHMCS's own ledger beside ours. */
export interface LedgerRow {
  transid: string
  number: string
  ours: string | null
  theirs: string | null
  same: boolean
}

/** Everything the terminal and the browser show of the month. */
export interface Overview {
  figures: Figures
  sure: Story | undefined
  /** One payout of Stripe, explained. */
  payout: PayoutStory | undefined
  event:
    | { id: string; type: string; delivered: boolean; signature: string | null; verified: boolean | null }
    | undefined
  doubtful: Story[]
  ledger: { rows: LedgerRow[]; ours: number; theirs: number; differences: number; bookedTwice: number }
  /** Whether everything that can happen without a person has happened. */
  settled: boolean
}

const DOUBTFUL_SHOWN = 25

/** Looks at both sides: our database, and what the simulated WHMCS and the receiver say for themselves. */
export async function overview(
  store: Store,
  tenantId: TenantId,
  simulators: Simulators,
  settled: boolean,
): Promise<Overview> {
  const ours = await store.read(tenantId, async (tx) => {
    const sure = await findSure(tx)
    return {
      figures: await countMonth(tx),
      sure,
      payout: await findPayoutStory(tx),
      event: sure && (await findEvent(tx, sure.matchId)),
      doubtful: await listDoubtful(tx, DOUBTFUL_SHOWN),
      booked: await listBooked(tx),
    }
  })
  const theirs = (await simulators.whmcsPayments()).filter((payment) => payment.transid.startsWith('PYM-'))
  const received = ours.event && (await simulators.receivedEvents()).find((event) => event.id === ours.event!.id)
  return {
    figures: ours.figures,
    sure: ours.sure,
    payout: ours.payout,
    event: ours.event && {
      id: ours.event.id,
      type: ours.event.type,
      delivered: ours.event.deliveredStatus === 'delivered',
      signature: received?.signature ?? null,
      verified: received?.verified ?? null,
    },
    doubtful: ours.doubtful,
    ledger: compare(ours.booked, theirs),
    settled,
  }
}

function compare(
  ours: Awaited<ReturnType<typeof listBooked>>,
  theirs: { transid: string; invoiceId: string; amount: string }[],
): Overview['ledger'] {
  const byTransid = Map.groupBy(theirs, (payment) => payment.transid)
  const known = new Set(ours.map((payment) => payment.transid))
  const rows: LedgerRow[] = ours.map((payment) => {
    const found = byTransid.get(payment.transid) ?? []
    const amount = formatAmount(payment.amountMinor, payment.currency)
    return {
      transid: payment.transid,
      number: payment.number,
      ours: amount,
      theirs: found.length === 0 ? null : found.map((one) => one.amount).join(' + '),
      same: found.length === 1 && found[0]!.amount === amount && found[0]!.invoiceId === payment.invoiceExternalId,
    }
  })
  const strangers = theirs
    .filter((payment) => !known.has(payment.transid))
    .map((payment) => ({
      transid: payment.transid,
      number: payment.invoiceId,
      ours: null,
      theirs: payment.amount,
      same: false,
    }))
  const all = [...strangers, ...rows]
  return {
    rows: all,
    ours: ours.length,
    theirs: theirs.length,
    differences: all.filter((row) => !row.same).length,
    bookedTwice: [...byTransid.values()].filter((payments) => payments.length > 1).length,
  }
}
