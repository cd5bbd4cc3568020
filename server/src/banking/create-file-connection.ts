import { electronicFormatIBAN, isValidIBAN } from 'ibantools'
import { AppError } from '../base/errors.ts'
import { newId, type TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import { accountIdentity, keepAccount } from '../transactions/index.ts'
import type { BankingDeps } from './deps.ts'
import { type ConnectionRow, getConnection, insertConnection } from './queries.ts'

/** A connection without a consent: its lines come from statement files or the API. Throws `validation_failed` for an IBAN
 *  with wrong check digits. */
export async function createFileConnection(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  wanted: { name: string; account: { name: string; currency: string; iban: string | null } },
): Promise<ConnectionRow> {
  const iban = wanted.account.iban === null ? null : electronicFormatIBAN(wanted.account.iban)
  if (iban !== null && !isValidIBAN(iban)) {
    throw new AppError('validation_failed', 'The IBAN is not valid', {
      details: [{ field: 'account.iban', issue: 'Its check digits do not fit. Compare it with the statement.' }],
    })
  }
  return deps.store.change(tenantId, actor, async (tx) => {
    const id = newId('bank')
    await insertConnection(tx, {
      id,
      provider: 'file',
      name: wanted.name,
      institutionId: null,
      bankName: wanted.name,
      status: 'active',
    })
    await keepAccount(tx, deps.vault, {
      connectionId: id,
      bankName: wanted.name,
      name: wanted.account.name,
      currency: wanted.account.currency,
      iban,
      identity: accountIdentity({ iban, other: id }, wanted.account.currency),
      providerAccountId: null,
      firstSeenOn: deps.clock.now().toISOString().slice(0, 10),
    })
    tx.audit({
      action: 'bank_connection.create',
      resource: { type: 'bank_connection', id },
      changes: { after: { provider: 'file' } },
    })
    return (await getConnection(tx, id))!
  })
}
