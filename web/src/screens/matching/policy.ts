import type { ChangeTenantRequest, RunMatchingRequest, Tenant } from '@payymo/sdk'
import { readTyped, toAmount } from '../../design/money.ts'

export const MODES = ['off', 'shadow', 'suggest', 'auto'] as const
export type Mode = (typeof MODES)[number]
export const SCORERS = ['calibrated', 'rules'] as const
export type Scorer = (typeof SCORERS)[number]

/** What is typed about matching; empty text leaves the default. */
export interface Given {
  /** Per cent, such as `99.5`. */
  threshold: string
  cap: string
  tolerance: string
  window: string
  startOn: string
  scorer: Scorer
}

/** The settings of a tenant as the API shows them. */
interface Kept {
  home_currency?: string | null
  matching?: {
    mode?: Mode | null
    scorer?: Scorer | null
    auto_threshold?: number | null
    max_auto_amount?: string | null
    fee_tolerance?: string | null
    date_window_days?: number | null
    start_on?: string | null
  } | null
}

const keptOf = (tenant: Tenant): Kept => tenant.settings

const THRESHOLD = 0.99

/** The certainty from which a match is booked. */
export const thresholdOf = (tenant: Tenant): number => keptOf(tenant).matching?.auto_threshold ?? THRESHOLD

export const modeOf = (tenant: Tenant): Mode => keptOf(tenant).matching?.mode ?? 'suggest'

/** What amounts among the settings are in. */
export const homeCurrencyOf = (tenant: Tenant): string => keptOf(tenant).home_currency ?? 'EUR'

export function givenOf(tenant: Tenant): Given {
  const matching = keptOf(tenant).matching ?? {}
  return {
    threshold: matching.auto_threshold == null ? '' : toPercent(matching.auto_threshold),
    cap: matching.max_auto_amount ?? '',
    tolerance: matching.fee_tolerance ?? '',
    window: matching.date_window_days == null ? '' : String(matching.date_window_days),
    startOn: matching.start_on ?? '',
    scorer: matching.scorer ?? 'calibrated',
  }
}

/** 0.995 as `99.5`: the point moves, nothing is calculated. */
export function toPercent(share: number): string {
  const [whole = '0', part = ''] = share.toFixed(6).split('.')
  const digits = whole + part.slice(0, 2)
  const rest = part.slice(2).replace(/0+$/, '')
  return String(Number(digits)) + (rest === '' ? '' : `.${rest}`)
}

/** `99.5`, also as `99,5`, as 0.995; undefined for what is no share of 0 to 100 per cent. */
export function toShare(percent: string): number | undefined {
  const found = /^(\d{1,3})(?:[.,](\d{1,4}))?$/.exec(percent.trim().replace(/\s*%$/, ''))
  if (!found) return undefined
  const digits = found[1]!.padStart(3, '0')
  const share = Number(`${digits.slice(0, -2)}.${digits.slice(-2)}${found[2] ?? ''}`)
  return share <= 1 ? share : undefined
}

/** Decimals of a currency, as the browser knows them. */
const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

const DEFAULT_TOLERANCE_MINOR = 500n

/** What may be missing unless something is set. */
export const defaultTolerance = (currency: string): string => toAmount(DEFAULT_TOLERANCE_MINOR, decimalsOf(currency))

/** An amount as it is typed, in either way of writing. What cannot be read is left to the API to refuse in its words. */
const amountOf = (typed: string, currency: string): string =>
  readTyped(typed, decimalsOf(currency)) ?? typed.trim().replace(',', '.')

export type Wrong = Partial<Record<keyof Given, true>>

/** What is no number of its kind; amounts are judged by the API, which knows the currency. */
export function wrongOf({ threshold, window }: Given): Wrong {
  return {
    ...(threshold.trim() === '' || toShare(threshold) !== undefined ? {} : { threshold: true as const }),
    ...(/^\d{0,4}$/.test(window.trim()) ? {} : { window: true as const }),
  }
}

/** Only what was changed, so that two people at it do not undo each other; empty takes the default back. */
export function changeOf(before: Given, given: Given, currency: string): ChangeTenantRequest {
  const changed = (name: keyof Given) => before[name].trim() !== given[name].trim()
  const amount = (text: string) => amountOf(text, currency)
  const orNull = <T>(text: string, value: (text: string) => T): T | null => (text.trim() === '' ? null : value(text))
  return {
    settings: {
      matching: {
        ...(changed('threshold') ? { auto_threshold: orNull(given.threshold, (text) => toShare(text) ?? null) } : {}),
        ...(changed('cap') ? { max_auto_amount: orNull(given.cap, amount) } : {}),
        ...(changed('tolerance') ? { fee_tolerance: orNull(given.tolerance, amount) } : {}),
        ...(changed('window') ? { date_window_days: orNull(given.window, (text) => Number(text.trim())) } : {}),
        ...(changed('startOn') ? { start_on: orNull(given.startOn, (text) => text) } : {}),
        ...(changed('scorer') ? { scorer: given.scorer } : {}),
      },
    },
  }
}

/** What is typed, to be tried without keeping it: what a dry run takes of it. */
export function tryOf({ threshold, cap, startOn }: Given, currency: string): NonNullable<RunMatchingRequest['policy']> {
  const share = toShare(threshold)
  return {
    ...(share === undefined ? {} : { auto_threshold: share }),
    ...(cap.trim() === '' ? {} : { max_auto_amount: amountOf(cap, currency) }),
    ...(startOn === '' ? {} : { start_on: startOn }),
  }
}
