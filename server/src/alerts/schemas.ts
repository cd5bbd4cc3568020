import { z } from 'zod'
import { ALERT_COLUMNS, type presentAlert } from '../events/alerts.ts'
import { type ListSource, listQuery } from '../http/list.ts'
import { idSchema } from '../http/validate.ts'

const SEVERITIES = ['info', 'warning', 'critical'] as const

export const alertSchema = z
  .object({
    id: idSchema('alr'),
    code: z.string().describe('What kind of thing it is; stable, for machines.'),
    severity: z.enum(SEVERITIES),
    subject: z.object({
      type: z.string().describe('`bank_connection`, `payment`, `whmcs_instance`, `webhook`, `transaction` and others.'),
      id: z.string(),
    }),
    message: z.string().describe('What happened, to what, and what to do next.'),
    opened_at: z.string(),
    closed_at: z.string().nullable().describe('Null while it is open.'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Alert' })

export const patchAlertSchema = z.strictObject({
  status: z.enum(['closed']).describe('Noticed again, it opens as a new alert.'),
})

export const alertExample: ReturnType<typeof presentAlert> = {
  id: 'alr_01jrfzq4v8m2k9d7t5x3w1c0ab',
  code: 'consent_ending',
  severity: 'warning',
  subject: { type: 'bank_connection', id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab' },
  message: 'House bank: the consent at the bank ends on 2025-04-24. Reconnect the bank before.',
  opened_at: '2025-04-10T14:30:00Z',
  closed_at: null,
  created_at: '2025-04-10T14:30:00Z',
  updated_at: '2025-04-10T14:30:00Z',
}

export const ALERT_LIST: ListSource = {
  select: ALERT_COLUMNS,
  from: 'alerts a',
  alias: 'a',
  filters: {
    code: { sql: 'a.code', kind: 'text' },
    severity: { sql: 'a.severity', kind: 'enum', values: SEVERITIES },
    subject_id: { sql: 'a.subject_id', kind: 'text' },
    subject_type: { sql: 'a.subject_type', kind: 'text' },
    open: { sql: '(a.closed_at is null)', kind: 'boolean' },
    opened_at: { sql: 'a.opened_at', kind: 'time', range: true },
    closed_at: { sql: 'a.closed_at', kind: 'time', range: true },
  },
  sortable: {
    opened_at: { sql: 'a.opened_at', kind: 'time' },
    closed_at: { sql: 'a.closed_at', kind: 'time', nullable: true },
    code: { sql: 'a.code', kind: 'text' },
  },
  search: ['a.words'],
  lasting: true,
}

export const alertListQuery = listQuery(ALERT_LIST)
