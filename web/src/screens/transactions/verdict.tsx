import type { InvoiceMatch, ListedPayout, Transaction } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { useSure } from '../review/bars.tsx'
import { namesQuery } from '../review/queries.ts'
import { isBookedBefore } from './queries.ts'

type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info'

const TONES: Record<Tone, string> = {
  neutral: 'border-line bg-surface',
  good: 'border-transparent bg-good-soft',
  warn: 'border-transparent bg-warn-soft',
  bad: 'border-transparent bg-bad-soft',
  info: 'border-transparent bg-info-soft',
}

/** Why the line is what it is, in one sentence; below it, what follows from that. */
export function Verdict({
  line,
  match,
  payout,
  children,
}: {
  line: Transaction
  match: InvoiceMatch | undefined
  payout: ListedPayout | undefined
  children?: ReactNode
}) {
  const [tone, title, text] = useVerdict(line, match, payout)
  return (
    <section className={classes('mb-4 rounded-xl border px-4 py-3.5', TONES[tone])}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-lg font-semibold">{title}</h2>
          {text !== undefined && <div className="text-soft">{text}</div>}
        </div>
        {children}
      </div>
    </section>
  )
}

function useVerdict(
  line: Transaction,
  match: InvoiceMatch | undefined,
  payout: ListedPayout | undefined,
): [Tone, string, ReactNode?] {
  const words = useWords().transactions.verdict
  const formats = useFormats()
  const sure = useSure()
  const who = useWho(match?.decided_by ?? null)
  if (line.status === 'ignored') return ['neutral', words.ignored, words.ignoredText]
  if (line.status === 'pending') return ['neutral', words.pending, words.pendingText]
  if (line.match_status === 'transfer') {
    return [
      'neutral',
      payout ? words.payout : words.transfer,
      payout ? (
        <Link key="payout" to="/payouts/$id" params={{ id: payout.id }} className="underline underline-offset-4">
          {words.payoutLink(formats.amount(payout.amount, payout.currency), formats.day(payout.arrival_date))}
        </Link>
      ) : (
        words.transferText
      ),
    ]
  }
  if (!match)
    return line.direction === 'debit' ? ['neutral', words.out, words.outText] : ['warn', words.open, words.openText]
  const invoices = match.allocations.map(({ invoice_number }) => invoice_number)
  const when = match.decided_at === null ? '' : formats.moment(match.decided_at)
  const percent = sure(match.confidence)
  if (match.reversal?.state === 'pending') return ['warn', words.reversing(invoices), words.reversingText]
  if (match.reversal?.state === 'needs_person') return ['bad', words.reversalStuck(invoices), words.reversalStuckText]
  switch (match.status) {
    case 'applied':
      if (isBookedBefore(match)) return ['good', words.before(invoices), words.beforeText]
      return [
        'good',
        words.booked(invoices),
        who === undefined ? words.byRule(percent, when) : words.byPerson(who, when),
      ]
    case 'approved':
      if (isBookedBefore(match)) return ['good', words.before(invoices), words.beforeText]
      return [
        'info',
        words.sending(invoices),
        who === undefined ? words.byRule(percent, when) : words.byPerson(who, when),
      ]
    case 'failed':
      return ['bad', words.failed(invoices), words.failedText]
    default:
      return ['warn', words.suggested(invoices, percent), words.suggestedText]
  }
}

/** Who decided; undefined for Payymo itself. */
function useWho(decidedBy: string | null): string | undefined {
  const payymo = useApi()
  const words = useWords().review.gone
  const isUser = decidedBy?.startsWith('usr_') ?? false
  const { data: names } = useQuery({ ...namesQuery(payymo), enabled: isUser })
  if (decidedBy === null || decidedBy.startsWith('system')) return undefined
  if (isUser) return names?.get(decidedBy) ?? words.somebody
  return decidedBy.startsWith('key_') ? words.key : words.somebody
}
