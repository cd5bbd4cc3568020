import type { Id } from '../base/ids.ts'
import type { Change } from '../events/store.ts'
import { listSuggested, type MatchRow, setMatchStatus } from './queries.ts'

/** A match gives way to another. There is no event for it: the one that takes its place says so. */
export async function supersede(tx: Change, match: Pick<MatchRow, 'id' | 'status'>): Promise<void> {
  await setMatchStatus(tx, match.id, { status: 'superseded' })
  tx.audit({
    action: 'match.supersede',
    resource: { type: 'match', id: match.id },
    changes: { before: { status: match.status }, after: { status: 'superseded' } },
  })
}

/** All open suggestions of the line, but one. */
export async function supersedeSuggested(tx: Change, lineId: Id<'txn'>, except?: Id<'match'>): Promise<void> {
  for (const match of await listSuggested(tx, [lineId])) if (match.id !== except) await supersede(tx, match)
}
