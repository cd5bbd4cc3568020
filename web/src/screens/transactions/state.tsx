import type { Transaction } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'

const TONES: Record<Transaction['match_status'], Tone> = {
  unmatched: 'neutral',
  suggested: 'warn',
  matched: 'info',
  applied: 'good',
  transfer: 'neutral',
}

/** What became of a line. Money out that pays nothing has no state. */
export function State({ row }: { row: Transaction }) {
  const words = useWords()
  if (row.status === 'pending') return <Badge>{words.transactions.pending}</Badge>
  if (row.status === 'ignored') return <Badge>{words.transactions.ignored}</Badge>
  if (row.direction === 'debit' && row.match_status === 'unmatched') return null
  return <Badge tone={TONES[row.match_status]}>{words.transactions.match[row.match_status]}</Badge>
}
