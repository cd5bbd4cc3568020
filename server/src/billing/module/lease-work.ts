import { isoSeconds } from '../../base/clock.ts'
import { decimalsOf, formatAmount } from '../../base/money.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { BilledPayment } from '../billing-system.ts'
import { SETTLE_MS } from '../payments/deps.ts'
import { noteFees } from '../payments/fees.ts'
import { judge } from '../payments/judge.ts'
import { type Ending, writeEnding } from '../payments/outcome.ts'
import type { InstanceRow, InstanceSettings } from '../instances/queries.ts'
import { feesToWrite, listKnownTransids, type PaymentRow } from '../payments/queries.ts'
import { sendsOf } from '../payments/pace.ts'
import { listRecorded, recordedFault, type RecordedPayment } from '../payments/recorded.ts'
import { nextStep } from '../payments/refusal.ts'
import { isTransid } from '../payments/transid.ts'
import type { ModuleCall } from './admit-call.ts'
import { endExhausted } from './end-exhausted.ts'
import { type ModuleDeps, OFFER_LEASE_MS, OFFERED_MAX } from './deps.ts'
import { leaseOffers, listDue, listMirrored, lockPayable } from './lease-queries.ts'
import { leaseUndoOffers } from './lease-undos.ts'
import { paymentDeps } from './payment-deps.ts'
import type { WorkBody } from './schemas.ts'

/** A payment as the module is given it. */
export interface Offer {
  payment_id: string
  fence: number
  action: 'pay' | 'undo'
  invoice_id: string
  transid: string
  amount: string
  currency: string
  gateway: string
  date: string
  /** What Stripe kept, to be noted as the fee; null for none. */
  fees: string | null
  /** WHMCS's own confirmation is not to be mailed. */
  no_email: boolean
  /** The amount is more than the invoice takes, by `surplus_amount`, which becomes credit of the client. */
  surplus: boolean
  surplus_amount: string | null
  leased_until: string
  /** Of a payment: ids under which a gateway may have recorded the same money. The module looks for them too. */
  also_known_as?: string[]
  /** Of an undo: the id of the payment to take back, and whose it was. */
  undoes?: string
  client_id?: string
}

/** Gives a module the approved payments of its installation that are due, each its alone until the lease runs out. Nothing for
 *  an installation that is not proven, and nothing while the tenant is at rest. An offer counts as a send: it is committed as
 *  `sending` before the answer leaves, so that whatever happens to the answer the payment counts as possibly booked. What may not
 *  be offered is put before a person, and what was offered five times without a result. */
export async function leaseWork(deps: ModuleDeps, call: ModuleCall<WorkBody>): Promise<Offer[]> {
  const { store } = deps
  const { tenantId, actor, instance, body } = call
  if (instance.verifiedAt === null) return []
  await endExhausted(deps, tenantId, instance.id)
  // These first: they are few, and a person has asked for each.
  const undos = await leaseUndoOffers(deps, call)
  if (undos.length >= body.limit) return undos
  await setAside(deps, call)
  const payments = await store.change(tenantId, actor, async (tx) => {
    const now = await lockPayable(tx, instance.id)
    if (!now) return []
    const leased = await leaseOffers(tx, instance.id, {
      limit: body.limit - undos.length,
      atOnce: OFFERED_MAX,
      leaseMs: deps.scaled(OFFER_LEASE_MS),
      settleMs: deps.scaled(SETTLE_MS),
    })
    for (const { id, fence, attempts } of leased) {
      tx.audit({
        action: 'payment.offer',
        resource: { type: 'payment', id },
        changes: { after: { state: 'sending', attempts, fence } },
      })
    }
    const until = new Map(leased.map((payment) => [payment.id, payment.leasedUntil]))
    return (await withFees(deps, tx, leased)).map((payment) => ({
      ...offerOf(payment, now),
      leased_until: isoSeconds(until.get(payment.id)!),
    }))
  })
  return [...undos, ...payments]
}

const offerOf = (payment: PaymentRow, instance: Pick<InstanceRow, 'paymentMethod' | 'settings'>) => ({
  payment_id: payment.id,
  fence: Number.parseInt(payment.fence, 10),
  action: 'pay' as const,
  invoice_id: payment.invoiceExternalId,
  transid: payment.transid,
  also_known_as: payment.alsoKnownAs,
  amount: formatAmount(payment.amountMinor, payment.currency),
  currency: payment.currency,
  gateway: instance.paymentMethod,
  date: payment.paidOn,
  fees: feeOf(payment, instance.settings),
  ...policyOf(payment, instance.settings),
})

/** With what the gateway kept of those that were never offered before. */
async function withFees(
  { feesOf }: Pick<ModuleDeps, 'feesOf'>,
  tx: TenantTx,
  leased: readonly PaymentRow[],
): Promise<PaymentRow[]> {
  if (!feesOf) return [...leased]
  const fresh = leased.filter((payment) => sendsOf(payment) === 1 && payment.alsoKnownAs.length > 0)
  const noted = new Map((await noteFees(tx, feesOf, fresh)).map((payment) => [payment.id, payment]))
  return leased.map((payment) => noted.get(payment.id) ?? payment)
}

function feeOf(payment: PaymentRow, settings: InstanceSettings): string | null {
  const feesMinor = feesToWrite(payment, settings)
  return feesMinor === null ? null : formatAmount(feesMinor, payment.currency)
}

/** What an offer of either kind says of mails and of a surplus. */
export const policyOf = (
  payment: Pick<PaymentRow, 'surplusMinor' | 'currency'>,
  settings: InstanceSettings,
): Pick<Offer, 'no_email' | 'surplus' | 'surplus_amount'> => ({
  no_email: !settings.confirmationEmail,
  surplus: payment.surplusMinor > 0n,
  surplus_amount: payment.surplusMinor > 0n ? formatAmount(payment.surplusMinor, payment.currency) : null,
})

/** Looks at what is due before it is offered: the mirror may show a payment like it that is strange to us (reliability 3), or that a
 *  gateway has recorded the money, and some amounts WHMCS cannot hold. */
async function setAside(deps: ModuleDeps, { tenantId, instance, body }: ModuleCall<WorkBody>): Promise<void> {
  const { due, mirrored, known, recorded } = await deps.store.read(tenantId, async (tx) => {
    const due = await listDue(tx, instance.id, body.limit)
    const mirrored = await listMirrored(tx, due)
    const transids = [...mirrored.values()].flat().map((row) => row.transid)
    const cards = due.filter((payment) => payment.alsoKnownAs.length > 0)
    return {
      due,
      mirrored,
      known: await listKnownTransids(tx, instance.id, transids.filter(isTransid)),
      recorded: await listRecorded(
        tx,
        cards.map((payment) => payment.transactionId),
      ),
    }
  })
  for (const payment of due) {
    const ending =
      unfit(payment) ?? strange(payment, mirrored.get(payment.invoiceId) ?? [], known) ?? byGateway(payment, recorded)
    if (ending) await writeEnding(paymentDeps(deps), payment, ending)
  }
}

function unfit(payment: PaymentRow): Ending | undefined {
  const beyond = decimalsOf(payment.currency) - 2
  if (payment.attempts > 0 || beyond <= 0 || payment.amountMinor % 10n ** BigInt(beyond) === 0n) return undefined
  const amount = `${formatAmount(payment.amountMinor, payment.currency)} ${payment.currency}`
  return {
    state: 'refused',
    code: 'amount_not_representable',
    words: `WHMCS keeps two decimals; ${amount} has more. ${nextStep('amount_not_representable')}`,
  }
}

/** Only what is strange counts here: whether the invoice takes the money the module sees, when it books. */
function strange(payment: PaymentRow, rows: BilledPayment[], known: ReadonlySet<string>): Ending | undefined {
  const others = rows.filter((row) => row.transid !== payment.transid)
  const invoice = {
    externalId: payment.invoiceExternalId,
    number: payment.invoiceNumber,
    status: 'unpaid' as const,
    totalMinor: payment.amountMinor,
    balanceMinor: payment.amountMinor,
    issuedOn: null,
    dueOn: null,
    items: [],
    collects: [],
    payments: others,
  }
  const verdict = judge({ ...payment, sends: 0, settled: true }, { payments: [], recorded: [], invoice, known })
  return verdict.do === 'quarantine' ? { state: 'quarantined', ...verdict } : undefined
}

/** Modules of an older version look under our id alone. What was offered before may be booked by now: a person looks. */
function byGateway(payment: PaymentRow, recorded: readonly RecordedPayment[]): Ending | undefined {
  const rows = recorded.filter((row) => row.transactionId === payment.transactionId)
  if (rows.length === 0) return undefined
  const fault = recordedFault(payment, rows)
  return sendsOf(payment) === 0 ? { state: 'refused', ...fault } : { state: 'quarantined', ...fault, foreign: [] }
}
