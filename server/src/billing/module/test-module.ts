import type { Id } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { InstanceRow } from '../instances/queries.ts'
import { type ModuleDeps, SILENT_MS } from './deps.ts'
import { getModule } from './queries.ts'

/** A step of a test, as `/whmcs-instances/{id}/test` shows it. Inside WHMCS every action is allowed: taking back needs no more
 *  than booking. */
interface Step {
  step: string
  needed_for: 'reading' | 'booking'
  ok: boolean
  message: string
  remedy: string | null
}

/** Says of an installation that is reached by its module, step by step, what holds and what to do where it does not. Nobody is
 *  called: it is the module that calls. */
export async function testModule(
  tx: TenantTx,
  instance: InstanceRow,
  { scaled }: Pick<ModuleDeps, 'scaled'>,
): Promise<Step[]> {
  const id: Id<'whm'> = instance.id
  const module = await getModule(tx, id, { silentMs: scaled(SILENT_MS) })
  const paired = module?.pairedAt != null
  const steps: Step[] = [
    step('paired', paired, [
      'The module holds the secret of this installation',
      'No module was paired yet',
      `Paste a pairing code into the page of the module in WHMCS. POST /api/v1/whmcs-instances/${id}/pairing-code makes one.`,
    ]),
  ]
  if (!paired) return steps
  const called = module.calledAt !== null && !module.silent
  steps.push(
    step('module_calls', called, [
      'The module has called within the last day',
      module.calledAt === null ? 'The module has never called' : 'The module has not called for a day',
      "See in WHMCS whether its cron runs (System Health Status), and what the page of the Payymo module says. The module calls after each run of WHMCS's cron.",
    ]),
  )
  if (!called) return steps
  steps.push(
    step('invoices_complete', instance.mirroredAt !== null, [
      'All open invoices have come',
      'The open invoices have not all come yet',
      'Wait for the next runs of the cron, or press "Send now" on the page of the module.',
    ]),
    step('proof', instance.verifiedAt !== null, [
      'The installation is proven to be yours',
      'The installation is not proven to be yours, so that nothing is booked',
      `Call POST /api/v1/whmcs-instances/${id}/verify. If WHMCS cannot be reached from outside, use the file or the DNS record that GET shows.`,
    ]),
  )
  const methods = module.paymentMethods.map(({ name }) => name)
  if (methods.length > 0) {
    const wanted = instance.paymentMethod
    steps.push(
      step('payment_method', methods.includes(wanted), [
        `The payment method ${wanted} exists`,
        `WHMCS has no active payment method ${wanted}`,
        `Activate it in WHMCS, or set payment_method to one of: ${methods.join(', ')}.`,
      ]),
    )
  }
  return steps
}

function step(name: string, ok: boolean, [good, bad, remedy]: [string, string, string]): Step {
  const needed_for = name === 'proof' || name === 'payment_method' ? 'booking' : 'reading'
  return ok
    ? { step: name, needed_for, ok, message: good, remedy: null }
    : { step: name, needed_for, ok, message: bad, remedy }
}
