import { isId } from '../../base/ids.ts'
import { keepInvoice } from '../mirror/refresh-invoice.ts'
import { SETTLE_MS } from '../payments/deps.ts'
import { SENDS_MAX } from '../payments/judge.ts'
import { writeEnding, writeUnknown } from '../payments/outcome.ts'
import { getPayment, type PaymentRow } from '../payments/queries.ts'
import { RECORDED } from '../payments/recorded.ts'
import { getUndo, type UndoRow } from '../payments/undo/queries.ts'
import type { ModuleCall } from './admit-call.ts'
import type { ModuleDeps } from './deps.ts'
import { judgeResult } from './judge-result.ts'
import { leaseLeftMs } from './lease-queries.ts'
import { paymentDeps } from './payment-deps.ts'
import { type PushedInvoice, readInvoice, readTransactions } from './read-rows.ts'
import { listKnown } from './run-queries.ts'
import type { ModuleResult, ResultsBody } from './schemas.ts'
import { isAboutUndo, writeUndoResult } from './take-undo-result.ts'
import { want } from './wanted-queries.ts'

/** Takes what a module says of payments it was given. Only the fence of the present offer writes: an older result, or the same
 *  one once more, is answered with the state as it is. The invoices shown are mirrored, others are asked for. */
export async function takeResults(
  deps: ModuleDeps,
  call: ModuleCall<ResultsBody>,
): Promise<{ payment_id: string; state: string }[]> {
  const taken: { payment_id: string; state: string }[] = []
  for (const result of call.body.results) {
    taken.push({ payment_id: result.payment_id, state: await takeResult(deps, call, result) })
  }
  return taken
}

async function takeResult(deps: ModuleDeps, call: ModuleCall<ResultsBody>, result: ModuleResult): Promise<string> {
  const { store } = deps
  const { tenantId, instance } = call
  const id = result.payment_id
  const { payment, undo } = await store.read(tenantId, async (tx) => ({
    payment: isId('pay', id) ? await getPayment(tx, id) : undefined,
    undo: isId('pay', id) ? await getUndo(tx, id) : undefined,
  }))
  // A payment of another installation does not exist for this one.
  if (!payment || payment.instanceId !== instance.id) return 'not_found'
  if (undo && isAboutUndo(result)) return takeUndoResult(deps, call, { payment, undo, result })
  if (payment.fence !== result.fence || !OPEN.has(payment.state)) return payment.state
  const invoice = readShown(result, payment)
  await write(deps, payment, result, invoice)
  await mirror(deps, call, payment, invoice)
  if (result.code === RECORDED) await wantOthers(deps, call, payment, result)
  return (await store.read(tenantId, (tx) => getPayment(tx, payment.id)))!.state
}

/** The mirror first: whoever hears that the payment is taken back finds the invoice as it is now. */
async function takeUndoResult(
  deps: ModuleDeps,
  call: ModuleCall<ResultsBody>,
  { payment, undo, result }: { payment: PaymentRow; undo: UndoRow; result: ModuleResult },
): Promise<string> {
  if (undo.fence !== result.fence || !OPEN.has(undo.state)) return undo.state
  const invoice = readShown(result, payment)
  await mirror(deps, call, payment, invoice)
  await writeUndoResult(deps, undo, result, invoice)
  return (await deps.store.read(call.tenantId, (tx) => getUndo(tx, undo.id)))!.state
}

const OPEN: ReadonlySet<string> = new Set(['pending', 'sending', 'unknown'])

/** The invoice of the payment as the result shows it. */
function readShown(result: ModuleResult, payment: PaymentRow): PushedInvoice | undefined {
  const read = result.invoice ? readInvoice(result.invoice) : undefined
  return read && 'row' in read && read.row.invoice.externalId === payment.invoiceExternalId ? read.row : undefined
}

async function write(
  deps: ModuleDeps,
  payment: PaymentRow,
  result: ModuleResult,
  invoice: PushedInvoice | undefined,
): Promise<void> {
  const sends = payment.attempts - (payment.sendsAllowed - SENDS_MAX)
  const judged = judgeResult(
    { ...payment, sends },
    {
      outcome: result.outcome,
      code: result.code,
      words: result.words,
      transactions: readTransactions(result.transactions, payment.currency),
      invoice,
    },
  )
  if (judged.state !== 'unknown') {
    await writeEnding(paymentDeps(deps), payment, judged)
    return
  }
  // It stays the module's until the lease runs out: then it is offered again, and looked up again.
  const leftMs = await deps.store.read(payment.tenantId, (tx) => leaseLeftMs(tx, 'payments', payment))
  await writeUnknown(paymentDeps(deps), payment, {
    code: judged.code,
    words: judged.words,
    settleMs: leftMs + deps.scaled(SETTLE_MS),
    firstLookMs: leftMs,
  })
}

/** What WHMCS showed of the invoice is news for the mirror; where it showed nothing, the invoice is asked for. */
async function mirror(
  deps: ModuleDeps,
  { tenantId, actor, instance }: ModuleCall<ResultsBody>,
  payment: PaymentRow,
  shown: PushedInvoice | undefined,
): Promise<void> {
  await deps.store.change(tenantId, actor, async (tx) => {
    const known = (await listKnown(tx, instance.id, [payment.invoiceExternalId])).get(payment.invoiceExternalId)
    if (shown && known?.currency === shown.currency) {
      await keepInvoice(tx, { instanceId: instance.id, invoice: shown.invoice })
    } else await want(tx, instance.id, [payment.invoiceExternalId])
  })
}

/** The gateway's payment may stand on another invoice than ours was for: matching recognises the line once that one is mirrored. */
async function wantOthers(
  { store }: ModuleDeps,
  { tenantId, actor, instance }: ModuleCall<ResultsBody>,
  payment: PaymentRow,
  result: ModuleResult,
): Promise<void> {
  const shown = readTransactions(result.transactions, payment.currency) ?? []
  const others = shown.flatMap((row) => row.invoiceExternalId ?? []).filter((id) => id !== payment.invoiceExternalId)
  await store.change(tenantId, actor, (tx) => want(tx, instance.id, others))
}
