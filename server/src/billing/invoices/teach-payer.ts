import { electronicFormatIBAN, isValidIBAN } from 'ibantools'
import { AppError, assert, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change, Store } from '../../events/store.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import { getClient } from './client-queries.ts'
import {
  addPayer,
  countTaught,
  forgetDecisions,
  getPayer,
  keepNumbers,
  type NamedPayer,
  numberOf,
  type PayerRow,
  type PayerSays,
  renamePayer,
  setSays,
} from './payer-queries.ts'

/** Payers of one client that people may name: more is an agency, whose account says for nobody whom it pays. */
const TAUGHT_MAX = 200

/** A person says that this name, this account, or this name on this account pays for the client; matching counts it as it counts a
 *  decision, from now on. A payer that is known already keeps its number. Throws `not_found` for an unknown client,
 *  `validation_failed` for an IBAN with wrong check digits, `resource_conflict` above 200 named payers. */
export async function teachPayer(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  clientId: Id<'cli'>,
  named: { name?: string | undefined; iban?: string | null | undefined },
): Promise<PayerRow> {
  const payer: NamedPayer = { name: named.name ?? '', iban: readIban(named.iban) }
  return store.change(tenantId, actor, async (tx) => {
    if (!(await getClient(tx, clientId))) throw notFound()
    await keepNumbers(tx, clientId)
    const known = await numberOf(tx, clientId, payer)
    const before = known === undefined ? undefined : await getPayer(tx, clientId, known)
    if (before?.says !== 'pays') await leaveRoom(tx, clientId)
    const n = known ?? (await addPayer(tx, clientId, payer))
    await setSays(tx, clientId, n, { says: 'pays', at: tx.now })
    return said(tx, clientId, n, before)
  })
}

/** A person corrects the n-th payer: another name or account, or that it pays for this client (`pays`) or never does. What people
 *  decided of it as it was called before counts no longer, and nor do decisions for what never pays. Without a change nothing
 *  happens. Throws as `teachPayer`, `resource_conflict` too where another payer of the client has this name and account. */
export async function correctPayer(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  { clientId, n }: { clientId: Id<'cli'>; n: number },
  patch: { name?: string | undefined; iban?: string | null | undefined; pays?: boolean | undefined },
): Promise<PayerRow> {
  const iban = patch.iban === undefined ? undefined : readIban(patch.iban)
  return store.change(tenantId, actor, async (tx) => {
    if (!(await getClient(tx, clientId))) throw notFound()
    await keepNumbers(tx, clientId)
    const before = await getPayer(tx, clientId, n)
    if (!before) throw notFound()
    const payer: NamedPayer = { name: patch.name ?? before.name, iban: iban === undefined ? before.iban : iban }
    if (payer.name === '' && payer.iban === null) throw nobody()
    const isOther = payer.name !== before.name || payer.iban !== before.iban
    const says: PayerSays = patch.pays === undefined ? (before.says ?? 'pays') : patch.pays ? 'pays' : 'never'
    if (!isOther && says === before.says) return before
    if (before.says === null) await leaveRoom(tx, clientId)
    const known = isOther ? await numberOf(tx, clientId, payer) : n
    // Other capitals make no other payer: what people decided until now was about this one.
    if (known !== n || says === 'never') await forgetDecisions(tx, clientId, n, tx.now)
    if (isOther) await rename(tx, clientId, n, payer, known)
    await setSays(tx, clientId, n, { says, at: tx.now })
    return said(tx, clientId, n, before)
  })
}

async function rename(
  tx: Change,
  clientId: Id<'cli'>,
  n: number,
  payer: NamedPayer,
  known: number | undefined,
): Promise<void> {
  if (known !== undefined && known !== n && (await getPayer(tx, clientId, known))) {
    throw new AppError(
      'resource_conflict',
      `This client has another payer of this name and account: number ${known}. Forget one of them.`,
    )
  }
  await renamePayer(tx, clientId, n, payer, known)
}

async function leaveRoom(tx: Change, clientId: Id<'cli'>): Promise<void> {
  if ((await countTaught(tx, clientId)) < TAUGHT_MAX) return
  throw new AppError(
    'resource_conflict',
    `People have named ${TAUGHT_MAX} payers of this client. Forget some first: an account that pays for many says for nobody whom it pays.`,
  )
}

/** The row as it is now, with a row in the audit trail, and a look at all undecided money. */
async function said(tx: Change, clientId: Id<'cli'>, n: number, before: PayerRow | undefined): Promise<PayerRow> {
  const after = await getPayer(tx, clientId, n)
  assert(after, 'what a person said is remembered')
  tx.audit({
    action: 'client.teach_payer',
    resource: { type: 'client', id: clientId },
    changes: { ...(before ? { before: noted(before) } : {}), after: noted(after) },
  })
  tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  return after
}

const noted = ({ n, name, iban, says }: PayerRow) => ({ n, payer: name, iban_last4: iban?.slice(-4) ?? null, says })

function readIban(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  const iban = electronicFormatIBAN(text)
  if (iban !== null && isValidIBAN(iban)) return iban
  throw new AppError('validation_failed', 'The IBAN is not valid', {
    details: [{ field: 'iban', issue: 'Its check digits do not fit. Compare it with the statement.' }],
  })
}

/** Neither a name nor an account. */
export const nobody = (): AppError =>
  new AppError('invalid_request', 'The request is missing required parameters', {
    details: [{ field: 'name', issue: 'Give a name, an IBAN, or both' }],
  })
