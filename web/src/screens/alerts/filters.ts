import { compact, readOneOf } from '../../design/address.ts'

export const SEVERITIES = ['critical', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Which alerts are looked at: the open ones unless said. */
export interface Filters {
  state?: 'closed'
  severity?: Severity
}

export const readFilters = (search: Record<string, unknown>): Filters =>
  compact({
    state: readOneOf(search.state, ['closed'] as const),
    severity: readOneOf(search.severity, SEVERITIES),
  })
