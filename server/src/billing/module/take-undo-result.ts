import type { BilledPayment } from '../billing-system.ts'
import { writeUnknown } from '../payments/outcome.ts'
import { endUndo, type UndoEnding } from '../payments/undo/end-undo.ts'
import type { UndoRow } from '../payments/undo/queries.ts'
import type { ModuleDeps } from './deps.ts'
import { leaseLeftMs } from './lease-queries.ts'
import { paymentDeps } from './payment-deps.ts'
import { type PushedInvoice, readTransactions } from './read-rows.ts'
import type { ModuleResult } from './schemas.ts'

/** Whether a result is about taking back: the module names what is left of each. One it could not even read has nothing more
 *  than its own words. */
export const isAboutUndo = (result: ModuleResult): boolean => result.left != null || result.code === 'not_understood'

/** Writes what became of a taking back. As with payments, rows count more than words: it is done when exactly one row takes the
 *  amount out of our invoice under our id and nothing is left; what is left, and everything that is not so, a person does. */
export async function writeUndoResult(
  deps: ModuleDeps,
  undo: UndoRow,
  result: ModuleResult,
  shown: PushedInvoice | undefined,
): Promise<void> {
  const ending = judgeUndoResult(undo, result, readTransactions(result.transactions, undo.currency), shown)
  if (ending) {
    await endUndo(deps, undo, ending)
    return
  }
  // It stays the module's until the lease runs out: then it is offered again, and looked up again.
  const leftMs = await deps.store.read(undo.tenantId, (tx) => leaseLeftMs(tx, 'undos', undo))
  await writeUnknown(paymentDeps(deps), undo, {
    code: 'no_clear_answer',
    words: `The module could not tell how far the payment is taken back. ${result.words}`.trim(),
    settleMs: leftMs,
    firstLookMs: leftMs,
  })
}

/** Undefined for what stays in doubt. Pure. */
export function judgeUndoResult(
  undo: UndoRow,
  result: Pick<ModuleResult, 'outcome' | 'words' | 'code' | 'left'>,
  transactions: readonly BilledPayment[] | undefined,
  shown: Pick<PushedInvoice, 'currency'> | undefined,
): UndoEnding | undefined {
  if (!transactions) return undefined
  const mine = transactions.filter((row) => row.transid === undo.transid)
  const [row] = mine
  const same =
    mine.length === 1 && row!.invoiceExternalId === undo.invoiceExternalId && row!.amountMinor === -undo.amountMinor
  const said = result.words.trim() === '' ? 'It gave no reason.' : result.words.trim()
  if (same && (!shown || shown.currency === undo.currency)) {
    // Not every step was tried yet: it is offered again, and what is done is not done again.
    if (result.outcome === 'unknown') return undefined
    const left = result.left ?? []
    if (result.outcome === 'applied' && left.length === 0) return { state: 'done', externalId: row!.externalId }
    const remaining = left.length > 0 ? left : [`The money is out of invoice ${undo.invoiceNumber}. ${said}`]
    return { state: 'needs_person', code: 'left', remaining, foreign: [], taken: true }
  }
  const stopped = (code: string, words: string): UndoEnding => ({
    state: 'needs_person',
    code,
    remaining: [words],
    foreign: [],
    taken: mine.length > 0,
  })
  const name = `payment ${undo.undoes} on invoice ${undo.invoiceNumber}`
  if (mine.length > 0) {
    return stopped(
      'booked_otherwise',
      `Payymo wanted to take back ${name} once, as ${undo.transid}. WHMCS shows under this id something else: ${said} Put it right in WHMCS.`,
    )
  }
  switch (result.outcome) {
    case 'applied':
      return stopped(
        'not_shown',
        `The module says that ${name} is taken back, and shows nothing as ${undo.transid}. Look in WHMCS what became of it.`,
      )
    case 'refused':
      return stopped('refused', `Take back ${name} in WHMCS: it refused (${said}).`)
    case 'conflict':
      return stopped('conflict', `The ${name} is not as Payymo booked it: ${said} Put it right in WHMCS.`)
    default:
      return undefined
  }
}
