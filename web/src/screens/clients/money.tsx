import type { Transaction } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { State } from '../transactions/state.tsx'

const SHOWN = 20

/** The newest lines of money that pay invoices of the client, or are proposed for them. */
export function ClientMoney({ id, action }: { id: string; action: ReactNode }) {
  const words = useWords()
  const payymo = useApi()
  const query = useQuery({
    queryKey: ['transactions', 'of-client', id],
    queryFn: ({ signal }) =>
      payymo.transactions.list({ client_id: id, sort: '-transaction_date', per_page: SHOWN }, { signal }),
  })
  const lines = query.data?.data ?? []
  return (
    <Card title={words.clients.money} action={lines.length > 0 && action}>
      {query.isPending && <Waiting rows={3} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.isSuccess && lines.length === 0 && <p className="px-4 py-4 text-soft">{words.clients.noMoney}</p>}
      <ul className="divide-y divide-line">
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
    </Card>
  )
}

function Line({ line }: { line: Transaction }) {
  const { transactions } = useWords()
  const formats = useFormats()
  return (
    <li className="px-4 py-2.5">
      <div className="flex items-baseline justify-between gap-3">
        <Link to="/transactions/$id" params={{ id: line.id }} className="min-w-0 truncate font-medium hover:underline">
          {line.counterparty.name || transactions.unknownPayer}
        </Link>
        <Amount amount={line.amount} currency={line.currency} direction={line.direction} strong />
      </div>
      <div className="mt-0.5 flex items-center justify-between gap-3">
        <p className="truncate text-sm text-soft">
          {[formats.day(line.transaction_date), line.description || line.reference].filter(Boolean).join(' · ')}
        </p>
        <State row={line} />
      </div>
    </li>
  )
}
