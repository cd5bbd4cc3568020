import type { InvoiceMatch, Transaction } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAct } from '../../app/act.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { useSay } from '../../design/toast.tsx'

/** As many as a day brings. */
const SHOWN = 5

interface Check {
  match: InvoiceMatch
  line: Transaction
}

/** Automatic decisions that chance picked for a look. Nothing is shown while none waits. */
export function SpotChecks() {
  const { overview: words } = useWords()
  const formats = useFormats()
  const payymo = useApi()
  const query = useQuery({
    queryKey: ['matches', 'spot-checks'],
    queryFn: async ({ signal }) => {
      const page = await payymo.invoiceMatches.list({ spot_check: 'waiting', per_page: SHOWN }, { signal })
      const checks = await Promise.all(
        page.data.map(async (match): Promise<Check> => {
          const line = await payymo.transactions.get(match.transaction_id, {}, { signal })
          return { match, line }
        }),
      )
      return { checks, more: (page.pagination.total_items ?? checks.length) - checks.length }
    },
  })
  if (!query.data || query.data.checks.length === 0) return null
  const { checks, more } = query.data
  return (
    <Card title={words.spotChecks}>
      <p className="px-4 pt-3 text-sm text-soft">{words.spotChecksText}</p>
      <ul className="divide-y divide-line">
        {checks.map((check) => (
          <Row key={check.match.id} {...check} />
        ))}
      </ul>
      {more > 0 && (
        <p className="border-t border-line px-4 py-2.5 text-sm text-faint">
          {words.moreChecks(more, formats.count(more))}
        </p>
      )}
    </Card>
  )
}

function Row({ match, line }: Check) {
  const { overview: words } = useWords()
  const formats = useFormats()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct()
  const may = useMay('reviewer')
  const invoices = match.allocations.map(({ invoice_number: number }) => number).join(', ')
  const title = line.counterparty.name || line.reference || line.description || words.unknownPayer
  const confirm = () =>
    void act.run(
      () => payymo.invoiceMatches.confirm(match.id),
      () => {
        for (const name of ['matches', 'reports', 'clients']) void client.invalidateQueries({ queryKey: [name] })
        say(words.checkedRight)
      },
    )
  return (
    <li className="flex flex-col gap-2 px-4 py-2.5">
      <div className="flex items-baseline justify-between gap-3">
        <Link to="/transactions/$id" params={{ id: line.id }} className="min-w-0 truncate font-medium hover:underline">
          {title}
        </Link>
        <Amount amount={line.amount} currency={line.currency} direction={line.direction} strong />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
        <p className="min-w-0 truncate text-sm text-soft">
          {words.paidFor(formats.day(line.transaction_date), invoices)}
        </p>
        {may && (
          <div className="flex gap-2">
            <Button className="min-h-8 px-2.5 text-sm" busy={act.busy} onClick={confirm}>
              {words.checkRight}
              <span className="sr-only">: {invoices}</span>
            </Button>
            <Link
              to="/transactions/$id"
              params={{ id: line.id }}
              className="inline-flex min-h-8 items-center rounded-lg border border-line-strong px-2.5 text-sm font-medium hover:bg-sunken"
            >
              {words.checkWrong}
              <span className="sr-only">: {invoices}</span>
            </Link>
          </div>
        )}
      </div>
      <Fault text={act.fault} />
    </li>
  )
}
