import { type ListSource, listQuery } from '../../http/list.ts'
import { KEY_COLUMNS } from './queries.ts'

/** Keys that are not revoked. */
export const KEY_LIST: ListSource = {
  select: KEY_COLUMNS,
  from: '(select * from api_keys where revoked_at is null) k',
  alias: 'k',
  search: ["search_words(k.name || ' ' || k.key_id || ' ' || array_to_string(k.permissions, ' '))"],
  filters: {
    name: { sql: 'k.name', kind: 'text' },
    permissions: { sql: '', kind: 'text', where: (placeholder) => `${placeholder} = any(k.permissions)` },
    expires_at: { sql: 'k.expires_at', kind: 'time', range: true },
    last_used_at: { sql: 'k.last_used_at', kind: 'time', range: true },
  },
  sortable: {
    name: { sql: 'k.name', kind: 'text' },
    expires_at: { sql: 'k.expires_at', kind: 'time', nullable: true },
    last_used_at: { sql: 'k.last_used_at', kind: 'time', nullable: true },
  },
}

export const keyListQuery = listQuery(KEY_LIST)
