import type { TenantId } from '../../base/ids.ts'
import type { StripeAccess, StripeDeps } from '../deps.ts'
import { type StripeAccount, StripeFeedError } from '../stripe-feed.ts'
import type { AccountFacts } from './changes.ts'

/** What a connected account says of itself, with one call. Throws StripeFeedError, also when another account answers. */
export async function readFacts(
  deps: Pick<StripeDeps, 'openFeed'>,
  tenantId: TenantId,
  access: StripeAccess & { kind: 'connect_oauth' },
): Promise<AccountFacts> {
  const account = await deps.openFeed(tenantId, access, () => {}).getAccount()
  if (account.id !== access.accountId)
    throw new StripeFeedError(
      'unreadable',
      'other_account',
      'Stripe answered for another account than the one asked for.',
    )
  return factsOf(account)
}

export const factsOf = (account: Pick<StripeAccount, 'name' | 'country' | 'defaultCurrency'>): AccountFacts => ({
  name: account.name === '' ? null : account.name,
  country: account.country,
  defaultCurrency: account.defaultCurrency?.toUpperCase() ?? null,
})
