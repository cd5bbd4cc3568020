import type { ShadowDecision } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { Badge } from '../../design/badge.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'

const TONES = { same: 'good', other: 'bad', open: 'neutral' } as const

/** What Payymo would have booked in the last month, held against what people decided; nothing where it never watched. */
export function Shadow({ watching }: { watching: boolean }) {
  const { matching: words } = useWords()
  const formats = useFormats()
  const payymo = useApi()
  const { data } = useQuery({
    queryKey: ['reports', 'shadow'],
    queryFn: ({ signal }) => payymo.reports.listShadow({ per_page: 100 }, { signal }),
  })
  if (!data || (data.summary.would_have_applied === 0 && !watching)) return null
  const { summary } = data
  const others = data.data.filter(({ outcome }) => outcome === 'other')
  return (
    <Card title={words.shadow.title}>
      {summary.would_have_applied === 0 ? (
        <p className="p-4 text-soft sm:p-5">{words.shadow.none}</p>
      ) : (
        <>
          <dl className="grid grid-cols-2 gap-4 p-4 sm:grid-cols-4 sm:p-5">
            {(
              [
                [words.shadow.would, summary.would_have_applied],
                [words.shadow.same, summary.same],
                [words.shadow.other, summary.other],
                [words.shadow.open, summary.open],
              ] as const
            ).map(([name, count]) => (
              <div key={name} className="flex flex-col-reverse justify-end">
                <dt className="text-sm text-soft">{name}</dt>
                <dd className="tabular text-xl font-semibold">{formats.count(count)}</dd>
              </div>
            ))}
          </dl>
          {summary.share !== null && (
            <p className="px-4 pb-4 text-soft sm:px-5">
              {words.shadow.share(formats.percent(summary.share, summary.other === 0 ? 0 : 2))}
            </p>
          )}
          {others.length > 0 && (
            <ul aria-label={words.shadow.others} className="divide-y divide-line border-t border-line">
              {others.map((row) => (
                <Row key={row.transaction_id} row={row} />
              ))}
            </ul>
          )}
        </>
      )}
    </Card>
  )
}

function Row({ row }: { row: ShadowDecision }) {
  const { matching: words } = useWords()
  const formats = useFormats()
  const numbers = (parts: readonly { invoice_number: string }[]) =>
    parts.map(({ invoice_number: number }) => number).join(', ')
  return (
    <li>
      <Link
        to="/transactions/$id"
        params={{ id: row.transaction_id }}
        className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-sunken sm:px-5"
      >
        <span className="min-w-0">
          <span className="block">
            {words.shadow.wouldOnto(numbers(row.allocations))}{' '}
            {row.decided &&
              row.decided.allocations.length > 0 &&
              words.shadow.butOnto(numbers(row.decided.allocations))}
          </span>
          <span className="block text-sm text-faint">{formats.moment(row.at)}</span>
        </span>
        <span className="flex items-center gap-3">
          <Badge tone={TONES[row.outcome]}>{words.shadow.outcomes[row.outcome]}</Badge>
          <Amount amount={row.amount} currency={row.currency} strong />
        </span>
      </Link>
    </li>
  )
}
