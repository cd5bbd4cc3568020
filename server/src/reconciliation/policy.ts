import type { TenantSettings } from '../access/index.ts'
import { addDays } from '../base/clock.ts'
import { readAmount } from '../base/money.ts'
import { defaultPolicy, type MatchPolicy } from '../matching/index.ts'

export type MatchingMode = 'off' | 'shadow' | 'suggest' | 'auto'

/** What a tenant has set about matching, with every default filled in (contract 5). */
export interface TenantPolicy {
  mode: MatchingMode
  engine: MatchPolicy
  /** The currency of the amounts among the settings. */
  homeCurrency: string
}

/** `firstAccountDay`: when the tenant's first bank account came; money older than that, or than `start_on`, is never applied
 *  without a person. */
export function tenantPolicy(settings: TenantSettings, firstAccountDay: string | null): TenantPolicy {
  const set = settings.matching ?? {}
  const currency = settings.home_currency ?? 'EUR'
  // A limit that cannot be read in the currency it is set in now allows nothing.
  const money = (name: string): bigint | undefined => {
    const value = set[name]
    if (typeof value !== 'string') return undefined
    const amount = readAmount(value, currency)
    return typeof amount === 'bigint' ? amount : 0n
  }
  const maxAutoAmountMinor = money('max_auto_amount')
  const startOn = typeof set.start_on === 'string' ? set.start_on : firstAccountDay
  return {
    mode: (set.mode as MatchingMode | undefined) ?? 'suggest',
    homeCurrency: currency,
    engine: {
      ...defaultPolicy,
      scorer: set.scorer === 'rules' ? 'rules' : 'calibrated',
      autoThreshold: typeof set.auto_threshold === 'number' ? set.auto_threshold : defaultPolicy.autoThreshold,
      feeToleranceMinor: money('fee_tolerance') ?? defaultPolicy.feeToleranceMinor,
      dateWindowDays: typeof set.date_window_days === 'number' ? set.date_window_days : defaultPolicy.dateWindowDays,
      ...(maxAutoAmountMinor === undefined ? {} : { maxAutoAmountMinor }),
      ...(startOn === null ? {} : { startOn }),
      // Across currencies the server never applies automatically (contract 5).
      acrossCurrencies: false,
    },
  }
}

/** How far back closed invoices are read (contract 4.5). */
export const closedSince = (today: string): string => addDays(today, -400)
