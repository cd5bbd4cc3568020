import type { Scaled } from '../../base/clock.ts'
import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { BillingError } from '../billing-system.ts'
import type { BillingConnections } from '../connections.ts'
import { MIRROR_JOB } from '../mirror/job-name.ts'
import { testModule } from '../module/test-module.ts'
import type { WhmcsClient } from '../whmcs/client.ts'
import { plainText, type Row } from '../whmcs/normalise.ts'
import { methodFault, methodsIn } from './payment-method.ts'
import { getInstance, lockInstance, setSeen } from './queries.ts'

/** What a step is for. Without taking back everything else still works: such a step is named and spoils nothing. */
export const NEEDED_FOR = ['reading', 'booking', 'taking_back'] as const
export type NeededFor = (typeof NEEDED_FOR)[number]

export interface TestStep {
  step: string
  needed_for: NeededFor
  ok: boolean
  message: string
  remedy: string | null
}

/** What a call passes on its way in, in this order; the first call tells how far it came. */
const STAGES = [
  { step: 'reachability', passed: 'The server answers' },
  { step: 'tls', passed: 'The connection is as secure as the address asks for' },
  { step: 'whmcs', passed: 'The WHMCS API answers' },
  { step: 'ip_allow_list', passed: 'Our address is allowed' },
  { step: 'credentials', passed: 'Identifier and secret are accepted' },
] as const

interface Call {
  action: string
  parameters: Record<string, string>
  expects: string
}

/** The highest id a table of WHMCS could hold: nothing has it. */
const NOBODY = '2147483647'

/** What Payymo asks of WHMCS, each with parameters that can change nothing. A write names an invoice, a client or a currency that
 *  does not exist, no amount and nothing to change: whichever WHMCS looks at first, it has a reason to refuse, and were it to look
 *  at none there would be nothing to do. A refusal with such a reason shows that the action is allowed. Source: reference, WHMCS
 *  1.4, 2.7, 2.8, 2.11. */
const ACTIONS: (Call & { neededFor: NeededFor; refuses?: true })[] = [
  { action: 'GetInvoices', parameters: { limitnum: '1' }, expects: 'invoices', neededFor: 'reading' },
  { action: 'GetInvoice', parameters: {}, expects: 'invoiceid', neededFor: 'reading' },
  {
    action: 'GetTransactions',
    parameters: { transid: 'PYM-PERMISSION-TEST' },
    expects: 'transactions',
    neededFor: 'booking',
  },
  { action: 'GetPaymentMethods', parameters: {}, expects: 'paymentmethods', neededFor: 'booking' },
  { action: 'AddInvoicePayment', parameters: {}, expects: 'result', neededFor: 'booking' },
  {
    action: 'AddTransaction',
    parameters: { userid: NOBODY, invoiceid: NOBODY, currencyid: NOBODY },
    expects: 'result',
    neededFor: 'taking_back',
    refuses: true,
  },
  {
    action: 'UpdateInvoice',
    parameters: { invoiceid: NOBODY },
    expects: 'result',
    neededFor: 'taking_back',
    refuses: true,
  },
  {
    action: 'AddCredit',
    parameters: { clientid: NOBODY, type: 'permission test' },
    expects: 'result',
    neededFor: 'taking_back',
    refuses: true,
  },
  { action: 'GetCredits', parameters: {}, expects: 'credits', neededFor: 'taking_back' },
  { action: 'GetClientsDetails', parameters: {}, expects: 'client', neededFor: 'taking_back' },
]

/** Walks the way to an installation and says, step by step, what holds and what to do where it does not. When all holds the
 *  next reading starts at once; what only taking back needs may fail. Where the module calls us, it says how that stands. */
export async function testConnection(
  deps: { store: Store; connections: Pick<BillingConnections, 'client'>; scaled: Scaled },
  tenantId: TenantId,
  actor: Actor,
  id: Id<'whm'>,
): Promise<{ ok: boolean; steps: TestStep[] }> {
  const { store, connections } = deps
  const instance = await store.read(tenantId, (tx) => getInstance(tx, id))
  if (!instance) throw notFound()
  if (instance.mode === 'module' && instance.status !== 'disconnected') {
    const steps = await store.read(tenantId, (tx) => testModule(tx, instance, deps))
    return { ok: isWell(steps), steps }
  }
  const client = await connections.client(tenantId, id).catch((error: unknown) => {
    throw error instanceof BillingError ? new AppError('resource_conflict', error.message) : error
  })
  const steps = await walk(client, instance.paymentMethod)
  const ok = isWell(steps)
  const version = ok ? await versionOf(client) : null
  await store.change(tenantId, actor, async (tx) => {
    const row = await lockInstance(tx, id)
    if (!row || row.status === 'disconnected') return
    if (ok) {
      await setSeen(tx, id, tx.now, version)
      tx.job(MIRROR_JOB, { instanceId: id }, { onlyOne: id })
    }
    const failed = steps.filter((step) => !step.ok).map((step) => step.step)
    tx.audit({
      action: 'whmcs_instance.test',
      resource: { type: 'whmcs_instance', id },
      changes: { ok, failed },
    })
  })
  return { ok, steps }
}

/** Whether reading and booking work. */
const isWell = (steps: readonly TestStep[]): boolean =>
  steps.every((step) => step.ok || step.needed_for === 'taking_back')

async function walk(client: WhmcsClient, paymentMethod: string): Promise<TestStep[]> {
  const first = ACTIONS[0]!
  const way = await outcome(client, first)
  const stopped = way instanceof BillingError ? stageOf(way) : STAGES.length
  const steps: TestStep[] = STAGES.slice(0, stopped).map(({ step, passed }) => passedStep(step, 'reading', passed))
  if (way instanceof BillingError && stopped < STAGES.length) {
    return [...steps, failedStep(STAGES[stopped]!.step, 'reading', way)]
  }
  steps.push(permissionStep(first, way))
  for (const each of ACTIONS.slice(1)) {
    const answer = await outcome(client, each)
    steps.push(permissionStep(each, answer))
    if (each.action === 'GetPaymentMethods' && !(answer instanceof BillingError)) {
      steps.push(methodStep(answer, paymentMethod))
    }
  }
  return steps
}

async function outcome(client: WhmcsClient, call: Call): Promise<Row | BillingError> {
  try {
    return await client.once(call.action, call.parameters, call.expects)
  } catch (error) {
    if (error instanceof BillingError) return error
    throw error
  }
}

/** How many stages the call passed before this error. */
function stageOf(error: BillingError): number {
  switch (error.code) {
    case 'unreachable':
      // A status is an answer, of a server whose WHMCS is broken.
      return /^\d{3}$/.test(error.subject ?? '') ? 2 : 0
    case 'busy':
    case 'address_refused':
      return 0
    case 'tls_failed':
      return 1
    case 'ip_not_allowed':
    case 'ip_banned':
      return 3
    case 'bad_credentials':
      return 4
    case 'permission_denied':
    case 'business':
      return STAGES.length
    default:
      return 2
  }
}

/** A refusal for reasons of business shows that the action is allowed. */
function permissionStep(
  { action, neededFor, refuses }: (typeof ACTIONS)[number],
  answer: Row | BillingError,
): TestStep {
  const step = `permission_${action}`
  if (answer instanceof BillingError && answer.code !== 'business') return failedStep(step, neededFor, answer)
  if (refuses && !(answer instanceof BillingError)) {
    return {
      step,
      needed_for: neededFor,
      ok: false,
      message: `WHMCS said yes to an ${action} that named nobody and no amount`,
      remedy: `See in the activity log of WHMCS what it did with it, and tell the support of Payymo.`,
    }
  }
  return passedStep(step, neededFor, `${action} is allowed`)
}

function methodStep(answer: Row, wanted: string): TestStep {
  const fault = methodFault(wanted, methodsIn(answer))
  if (!fault) return passedStep('payment_method', 'booking', `The payment method ${wanted} exists`)
  return { step: 'payment_method', needed_for: 'booking', ok: false, ...fault }
}

const passedStep = (step: string, neededFor: NeededFor, message: string): TestStep => ({
  step,
  needed_for: neededFor,
  ok: true,
  message,
  remedy: null,
})

/** Our errors say in their first sentence what is wrong, and then what to do. */
function failedStep(step: string, neededFor: NeededFor, error: BillingError): TestStep {
  const parts = /^(.+?)\. (?=[A-Z])(.+)$/s.exec(error.message)
  return {
    step,
    needed_for: neededFor,
    ok: false,
    message: parts?.[1] ?? error.message,
    remedy: parts?.[2] ?? null,
  }
}

/** Roles made before WHMCS 8.0 usually lack this action, so that its refusal is no fault. */
async function versionOf(client: WhmcsClient): Promise<string | null> {
  const answer = await outcome(client, { action: 'WhmcsDetails', parameters: {}, expects: 'whmcs' })
  if (answer instanceof BillingError || typeof answer.whmcs !== 'object' || answer.whmcs === null) return null
  return plainText((answer.whmcs as Row).version).slice(0, 40) || null
}
