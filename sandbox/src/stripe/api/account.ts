import type { Merchant } from '../world/merchants.ts'
import type { Mode } from '../world/merchants.ts'

/** The account as `/v1/account` shows it. */
export function shownAccount(merchant: Merchant, mode: Mode) {
  const { terms } = merchant.books[mode]
  const { interval, delayDays, weeklyAnchor, monthlyAnchor } = terms.schedule
  const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
  return {
    id: merchant.id,
    object: 'account',
    business_profile: { mcc: '4816', name: terms.businessName, support_email: merchant.email, url: null },
    business_type: 'company',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: terms.country,
    created: 1_600_000_000,
    default_currency: terms.defaultCurrency,
    details_submitted: true,
    email: merchant.email,
    metadata: {},
    payouts_enabled: true,
    settings: {
      dashboard: { display_name: terms.businessName, timezone: terms.timezone },
      payments: { statement_descriptor: terms.descriptor },
      payouts: {
        debit_negative_balances: terms.debitsNegative,
        schedule: {
          delay_days: delayDays,
          interval,
          ...(interval === 'weekly' ? { weekly_anchor: days[weeklyAnchor] } : {}),
          ...(interval === 'monthly' ? { monthly_anchor: monthlyAnchor } : {}),
        },
        statement_descriptor: terms.payoutDescriptor,
      },
    },
    type: 'standard',
  }
}
