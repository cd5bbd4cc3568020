import type { BankConnection, Tenant, Webhook, WhmcsInstance } from '@payymo/sdk'

export const STEPS = ['bank', 'billing', 'policy', 'webhook'] as const
export type StepName = (typeof STEPS)[number]

/** How far a step is: `waiting` when a person has done their part and something else has not come yet. */
export type Standing = 'done' | 'waiting' | 'open'

export interface Known {
  banks: readonly Pick<BankConnection, 'status'>[]
  whmcs: readonly Pick<WhmcsInstance, 'verified_at' | 'mirrored_at'>[]
  /** Whether invoices came by the API, where billing is not WHMCS. */
  hasOwnInvoices: boolean
  webhooks: readonly Pick<Webhook, 'active'>[]
  settings: Tenant['settings']
}

const modeOf = (settings: { matching?: { mode?: string | null } | null }): string | null =>
  settings.matching?.mode ?? null

/** What is set up. A policy counts when a person has chosen it, be it the one that holds anyway. */
export function standingsOf({ banks, whmcs, hasOwnInvoices, webhooks, settings }: Known): Record<StepName, Standing> {
  const reads = banks.some(({ status }) => status === 'active' || status === 'expiring')
  const proven = whmcs.filter(({ verified_at: at }) => at !== null)
  return {
    bank: reads ? 'done' : banks.some(({ status }) => status === 'pending') ? 'waiting' : 'open',
    billing:
      hasOwnInvoices || proven.some(({ mirrored_at: at }) => at !== null)
        ? 'done'
        : proven.length > 0
          ? 'waiting'
          : 'open',
    policy: modeOf(settings) === null ? 'open' : 'done',
    webhook: webhooks.some(({ active }) => active) ? 'done' : 'open',
  }
}

/** Without a webhook everything works: it does not keep the checklist open. */
const NEEDED: readonly StepName[] = ['bank', 'billing', 'policy']

export const isSetUp = (standings: Record<StepName, Standing>): boolean =>
  NEEDED.every((name) => standings[name] === 'done')

/** What is to be done first; undefined when nothing is left. */
export const nextOf = (standings: Record<StepName, Standing>): StepName | undefined =>
  STEPS.find((name) => standings[name] === 'open') ?? STEPS.find((name) => standings[name] !== 'done')
