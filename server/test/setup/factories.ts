import { newId } from '../../src/base/ids.ts'
import type { Id } from '../../src/base/ids.ts'
import { accountIdentity, keepAccount } from '../../src/transactions/index.ts'
import type { TestApp, TestTenant } from './app.ts'

/** An account of the tenant, with whatever is left out filled in. */
export async function makeAccount(
  app: TestApp,
  tenant: TestTenant,
  account: { currency?: string; name?: string; iban?: string; firstSeenOn?: string } = {},
): Promise<Id<'acc'>> {
  const currency = account.currency ?? 'EUR'
  const connectionId = newId('bank')
  const { id } = await app.store.read(tenant.id, (tx) =>
    keepAccount(tx, app.vault, {
      connectionId,
      bankName: 'Test Bank',
      name: account.name ?? 'Business account',
      currency,
      iban: account.iban ?? null,
      identity: accountIdentity({ iban: account.iban ?? null, other: connectionId }, currency),
      providerAccountId: null,
      firstSeenOn: account.firstSeenOn ?? '2025-01-01',
    }),
  )
  return id
}
