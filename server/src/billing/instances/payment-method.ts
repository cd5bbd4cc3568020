import type { Scaled } from '../../base/clock.ts'
import { AppError } from '../../base/errors.ts'
import { Secret } from '../../base/secret.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { BillingError } from '../billing-system.ts'
import type { BillingConnections } from '../connections.ts'
import { getModule } from '../module/queries.ts'
import type { WhmcsAccess, WhmcsClient } from '../whmcs/client.ts'
import { plainText, type Row, rowsOf } from '../whmcs/normalise.ts'
import { getInstance } from './queries.ts'

/** How long a person who saves a setting waits for WHMCS, planned; even in scaled time no answer is given less than this. */
const ASK_MS = 5_000
const ASK_MS_MIN = 1_000

/** The way to WHMCS as it will be once it is saved; undefined fields stay as they are. */
export interface WantedAccess {
  systemUrl?: string | undefined
  apiIdentifier?: string | null | undefined
  apiSecret?: string | null | undefined
  accessKey?: string | null | undefined
}

interface Deps {
  store: Store
  connections: Pick<BillingConnections, 'access' | 'clientOf'>
  scaled: Scaled
}

/** The active payment methods that an answer of GetPaymentMethods names, by their system names. */
export const methodsIn = (answer: Row): string[] =>
  rowsOf(answer.paymentmethods, 'paymentmethod').map((row) => plainText(row.module))

/** What is wrong with a payment method, in words; undefined when it is one of those. */
export function methodFault(wanted: string, known: readonly string[]): { message: string; remedy: string } | undefined {
  if (known.includes(wanted)) return undefined
  return {
    message: `WHMCS has no active payment method ${wanted}`,
    remedy: `Activate it in WHMCS, or set payment_method to one of: ${known.join(', ') || 'none is active'}.`,
  }
}

/** Asks WHMCS, or what its module told, whether it knows a payment method that is about to be saved. Where nobody can say so
 *  within moments nothing is refused: the test of the connection says it later. Throws `validation_failed` with the methods
 *  there are. `id`: of the installation, if it exists already. */
export async function refuseUnknownMethod(
  deps: Deps,
  tenantId: TenantId,
  about: { id?: Id<'whm'>; method: string; mode: 'api' | 'module'; access: WantedAccess },
): Promise<void> {
  const known = about.mode === 'api' ? await askWhmcs(deps, tenantId, about) : await askModule(deps, tenantId, about.id)
  const fault = known.length === 0 ? undefined : methodFault(about.method, known)
  if (!fault) return
  const issue = `${fault.message}. ${fault.remedy}`
  throw new AppError('validation_failed', issue, { details: [{ field: 'payment_method', issue }] })
}

/** Nothing where WHMCS cannot be asked. */
async function askWhmcs(
  { connections, scaled }: Deps,
  tenantId: TenantId,
  { id, access }: { id?: Id<'whm'>; access: WantedAccess },
): Promise<string[]> {
  try {
    const saved = id && (await connections.access(tenantId, id))
    const wanted = accessAfter(saved, access)
    if (!wanted) return []
    const budgetMs = Math.max(ASK_MS_MIN, scaled(ASK_MS))
    const client: WhmcsClient = connections.clientOf(wanted, { key: id ?? wanted.systemUrl, budgetMs })
    return methodsIn(await client.once('GetPaymentMethods', {}, 'paymentmethods'))
  } catch (error) {
    if (error instanceof BillingError) return []
    throw error
  }
}

function accessAfter(saved: WhmcsAccess | undefined, wanted: WantedAccess): WhmcsAccess | undefined {
  const secretOf = (text: string | null | undefined, was: Secret | null | undefined) =>
    text === undefined ? (was ?? null) : text === null ? null : new Secret(text)
  const systemUrl = wanted.systemUrl ?? saved?.systemUrl
  const identifier = wanted.apiIdentifier === undefined ? saved?.identifier : wanted.apiIdentifier
  const secret = secretOf(wanted.apiSecret, saved?.secret)
  if (systemUrl === undefined || identifier == null || secret === null) return undefined
  return { systemUrl, identifier, secret, accessKey: secretOf(wanted.accessKey, saved?.accessKey) }
}

/** What the module told last; nothing before it ever did. */
const askModule = ({ store }: Deps, tenantId: TenantId, id: Id<'whm'> | undefined): Promise<string[]> =>
  store.read(tenantId, async (tx) => {
    const instance = id && (await getInstance(tx, id))
    const module = instance && (await getModule(tx, instance.id))
    return module?.paymentMethods.map(({ name }) => name) ?? []
  })
