import type { Invoice, InvoiceMatch } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSure } from '../review/bars.tsx'
import { transactionQuery } from '../review/queries.ts'
import { isBookedBefore } from '../transactions/queries.ts'
import { PaymentLine } from '../transactions/match-card.tsx'

const TONES: Record<InvoiceMatch['status'], Tone> = {
  suggested: 'warn',
  approved: 'info',
  applied: 'good',
  failed: 'bad',
  rejected: 'neutral',
  reversed: 'neutral',
  superseded: 'neutral',
}
const PAST = new Set(['rejected', 'reversed', 'superseded'])

/** The lines of money that pay the invoice, or might; what was booked for each. What is past is put away. */
export function InvoiceMatches({ invoice }: { invoice: Invoice }) {
  const words = useWords()
  const payymo = useApi()
  const { id } = invoice
  const matches = useQuery({
    queryKey: ['matches', 'of-invoice', id],
    queryFn: async ({ signal }) =>
      (await payymo.invoiceMatches.list({ invoice_id: id, per_page: 100 }, { signal })).data,
  })
  const payments = useQuery({
    queryKey: ['payments', 'of-invoice', id],
    queryFn: async ({ signal }) => (await payymo.payments.list({ invoice_id: id, per_page: 100 }, { signal })).data,
  })
  const all = matches.data ?? []
  const standing = all.filter(({ status }) => !PAST.has(status))
  const past = all.filter(({ status }) => PAST.has(status))
  const rows = (some: readonly InvoiceMatch[]) => (
    <ul className="divide-y divide-line">
      {some.map((match) => (
        <li key={match.id} className="px-4 py-3">
          <MatchLine match={match} invoiceId={id} />
          {(payments.data ?? [])
            .filter(({ match_id }) => match_id === match.id)
            .map((payment) => (
              <PaymentLine key={payment.id} payment={payment} />
            ))}
        </li>
      ))}
    </ul>
  )
  return (
    <Card title={words.invoices.paidBy}>
      {matches.isPending && <Waiting rows={2} label={words.states.loading} />}
      {matches.isError && <Failed error={matches.error} again={() => void matches.refetch()} />}
      {matches.data && standing.length === 0 && (
        <p className="px-4 py-4 text-soft">
          {invoice.status === 'paid' ? words.invoices.paidElsewhere : words.invoices.noMoney}
        </p>
      )}
      {rows(standing)}
      {past.length > 0 && (
        <details className="border-t border-line">
          <summary className="cursor-pointer px-4 py-3 text-sm text-soft hover:text-text">
            {words.invoices.past(past.length)}
          </summary>
          {rows(past)}
        </details>
      )}
    </Card>
  )
}

function MatchLine({ match, invoiceId }: { match: InvoiceMatch; invoiceId: string }) {
  const words = useWords()
  const formats = useFormats()
  const sure = useSure()
  const line = useQuery(transactionQuery(useApi(), match.transaction_id))
  const part = match.allocations.find(({ invoice_id }) => invoice_id === invoiceId)
  const state = isBookedBefore(match) && match.status === 'approved' ? 'before' : match.status
  return (
    <>
      <div className="flex items-baseline justify-between gap-3">
        <Link
          to="/transactions/$id"
          params={{ id: match.transaction_id }}
          className="min-w-0 truncate font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
        >
          {line.data ? line.data.counterparty.name || words.transactions.unknownPayer : words.transactions.one}
        </Link>
        <span className="tabular font-semibold whitespace-nowrap">
          {part && formats.amount(part.amount, part.currency)}
        </span>
      </div>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
        <Badge tone={state === 'before' ? 'good' : TONES[match.status]}>{words.invoices.match[state]}</Badge>
        <span>{words.review.sure(sure(match.confidence))}</span>
        {line.data && <span>{formats.day(line.data.transaction_date)}</span>}
        {line.data && (
          <span className="min-w-0 truncate text-faint">{line.data.description || line.data.reference}</span>
        )}
      </div>
    </>
  )
}
