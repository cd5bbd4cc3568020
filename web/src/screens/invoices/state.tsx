import type { Invoice } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'
import { isOverdue } from './filters.ts'
import { useToday } from './today.ts'

const TONES: Record<Invoice['status'], Tone> = {
  draft: 'neutral',
  unpaid: 'info',
  payment_pending: 'info',
  paid: 'good',
  cancelled: 'neutral',
  refunded: 'neutral',
  collections: 'warn',
}

/** The state of an invoice; what is due and unpaid says so. */
export function InvoiceState({ invoice }: { invoice: Pick<Invoice, 'status' | 'due_on'> }) {
  const words = useWords()
  const today = useToday()
  if (isOverdue(invoice, today) && invoice.status === 'unpaid')
    return <Badge tone="bad">{words.invoices.overdue}</Badge>
  return <Badge tone={TONES[invoice.status]}>{words.review.status[invoice.status]}</Badge>
}
