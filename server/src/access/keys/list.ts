import { type ListSource, listQuery } from '../../http/list.ts'
import { KEY_COLUMNS } from './queries.ts'

/** Keys that are not revoked. */
export const KEY_LIST: ListSource = {
  select: KEY_COLUMNS,
  from: '(select * from api_keys where revoked_at is null) k',
  alias: 'k',
  filters: { name: { sql: 'k.name', kind: 'text' } },
  sortable: { created_at: { sql: 'k.created_at', kind: 'time' }, name: { sql: 'k.name', kind: 'text' } },
}

export const keyListQuery = listQuery(KEY_LIST)
