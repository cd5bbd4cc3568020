import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { CALLS_MAX, type TenantHealth } from './health-queries.ts'

export const healthSchema = z
  .object({
    connections: z.array(
      z.object({
        kind: z.enum(['bank', 'stripe', 'whmcs']),
        active: z.int(),
        failing: z.int().describe('In error, or with a consent that has ended.'),
      }),
    ),
    last_fetch_at: z.string().nullable().describe('When money or invoices were last fetched from any of them.'),
    waiting: z.int().describe('Transactions with a proposal that waits for a person.'),
    payments_failed: z.int().describe('Payments that were refused, or of which it is not certain what became of them.'),
    alerts: z.int().describe('Open alerts.'),
    calls: z.int().describe(`API calls of the last 30 days; counted up to ${CALLS_MAX}.`),
    calls_capped: z.boolean(),
    last_call_at: z.string().nullable(),
  })
  .meta({ id: 'TenantHealth' })

export const expandHealth = z
  .enum(['health'])
  .optional()
  .describe('`health`: figures of its connections, of what waits for its people, and of its calls.')

export const presentHealth = (health: TenantHealth) => ({
  connections: health.connections,
  last_fetch_at: health.lastFetchAt && isoSeconds(health.lastFetchAt),
  waiting: health.waiting,
  payments_failed: health.paymentsFailed,
  alerts: health.alerts,
  calls: health.calls,
  calls_capped: health.calls === CALLS_MAX,
  last_call_at: health.lastCallAt && isoSeconds(health.lastCallAt),
})

export const healthExample = {
  connections: [
    { kind: 'bank', active: 2, failing: 0 },
    { kind: 'stripe', active: 1, failing: 0 },
    { kind: 'whmcs', active: 1, failing: 0 },
  ],
  last_fetch_at: '2025-04-10T14:35:22Z',
  waiting: 4,
  payments_failed: 0,
  alerts: 1,
  calls: 1840,
  calls_capped: false,
  last_call_at: '2025-04-10T14:30:00Z',
}
