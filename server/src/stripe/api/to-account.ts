import { z } from 'zod'
import type { StripeAccount } from '../stripe-feed.ts'
import { readObject, text, textOrNull, word } from './read.ts'

const shape = z.object({
  id: word,
  country: textOrNull(),
  default_currency: textOrNull(),
  charges_enabled: z.boolean().catch(false),
  payouts_enabled: z.boolean().catch(false),
  business_profile: z.object({ name: text() }).nullish().catch(null),
  settings: z
    .object({
      dashboard: z.object({ display_name: text() }).nullish().catch(null),
      payouts: z
        .object({ schedule: z.object({ interval: textOrNull() }).nullish() })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
})

/** An account as Stripe gives it; its name is the one its own customers know. Pure; throws UnfitError. Source: Stripe API, the
 *  account object. */
export function toAccount(raw: unknown): StripeAccount {
  const { settings, ...account } = readObject(shape, raw, 'account')
  return {
    id: account.id,
    name: account.business_profile?.name || settings?.dashboard?.display_name || account.id,
    country: account.country,
    defaultCurrency: account.default_currency?.toUpperCase() ?? null,
    chargesEnabled: account.charges_enabled,
    payoutsEnabled: account.payouts_enabled,
    payoutInterval: settings?.payouts?.schedule?.interval ?? null,
  }
}
