import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { idOf } from '../../base/ids.ts'
import { type ListSource, listQuery } from '../../http/list.ts'
import { idSchema } from '../../http/validate.ts'

export const AUDIT_COLUMNS = 'e.id, e.sequence, e.at, e.entry, e.hash'

const ACTOR_TYPES = ['api_key', 'user', 'application', 'operator', 'system'] as const

/** Rows never change: `at` is when they were created and last changed. */
export const AUDIT_LIST: ListSource = {
  select: AUDIT_COLUMNS,
  from: 'audit_events e',
  alias: 'e',
  search: ['e.words'],
  filters: {
    action: { sql: 'e.action', kind: 'text' },
    actor_id: { sql: 'e.actor_id', kind: 'text' },
    actor_type: { sql: 'e.actor_type', kind: 'enum', values: ACTOR_TYPES },
    resource_id: { sql: 'e.resource_id', kind: 'text' },
    resource_type: { sql: 'e.resource_type', kind: 'text' },
    at: { sql: 'e.at', kind: 'time', range: true },
  },
  sortable: { at: { sql: 'e.at', kind: 'time' }, sequence: { sql: 'e.sequence', kind: 'number' } },
  times: { created: 'e.at', updated: 'e.at' },
  lasting: true,
}

export const auditListQuery = listQuery(AUDIT_LIST)

export const auditEventSchema = z
  .object({
    id: idSchema('aud'),
    sequence: z.int().describe('Rises by one with each row of the tenant.'),
    at: z.string(),
    actor: z.object({ type: z.enum(ACTOR_TYPES), id: z.string(), name: z.string() }),
    action: z.string(),
    resource: z.object({ type: z.string(), id: z.string() }),
    changes: z.object({}).loose().nullable().describe('Before and after, or the facts of the change; never a secret.'),
    ip: z.string().nullable(),
    request_id: z.string().nullable(),
    hash: z.string().describe('SHA-256 in hex over this row and the hash before it.'),
  })
  .meta({ id: 'AuditEvent' })

interface AuditRow {
  id: string
  sequence: string
  at: Date
  hash: Buffer
  /** As it was hashed. */
  entry: {
    actor: { type: string; id: string; name: string }
    action: string
    resource: { type: string; id: string }
    changes: unknown
    ip: string | null
    request_id: string | null
  }
}

export const presentAuditEvent = (record: unknown) => {
  const { id, sequence, at, hash, entry } = record as AuditRow
  return {
    id: idOf('aud', id),
    sequence: Number(sequence),
    at: isoSeconds(at),
    actor: entry.actor,
    action: entry.action,
    resource: entry.resource,
    changes: entry.changes,
    ip: entry.ip,
    request_id: entry.request_id,
    hash: hash.toString('hex'),
  }
}

export const auditEventExample = {
  id: 'aud_01jrfzq4v8m2k9d7t5x3w1c0ab',
  sequence: 4711,
  at: '2025-04-10T14:30:00Z',
  actor: { type: 'api_key', id: 'key_01jrfzq4v8m2k9d7t5x3w1c0ab', name: 'bookkeeping' },
  action: 'match.approve',
  resource: { type: 'match', id: 'match_01jrfzq4v8m2k9d7t5x3w1c0ab' },
  changes: { before: { status: 'suggested' }, after: { status: 'approved' } },
  ip: '203.0.113.7',
  request_id: 'req_01jrfzq4v8m2k9d7t5x3w1c0ab',
  hash: '5c3c2a41f7d3f0b8a7f2a1d47b0a5d0c9b7f0f5c8e6f1b2d3a4958677869504a',
}

export const auditVerdictSchema = z
  .object({
    valid: z.boolean(),
    checked: z.int().describe('How many rows follow from the first one on.'),
    first_broken: z.int().nullable().describe('The sequence number of the first row that does not follow.'),
  })
  .meta({ id: 'AuditVerdict' })
