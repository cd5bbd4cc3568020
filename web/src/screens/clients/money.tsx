import type { Payymo, Transaction } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { State } from '../transactions/state.tsx'
import type { KnownClient } from './queries.ts'

const SHOWN = 20
const NAMES_MAX = 5

/** Lines of money that bear the client's name or that of somebody who paid for them before. */
export function ClientMoney({ client }: { client: KnownClient }) {
  const words = useWords()
  const payymo = useApi()
  const names = namesOf(client)
  const query = useQuery({
    queryKey: ['transactions', 'of-client', client.id, names],
    queryFn: ({ signal }) => linesNamed(payymo, names, signal),
  })
  return (
    <Card title={words.clients.money}>
      {query.isPending && <Waiting rows={3} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data?.length === 0 && <p className="px-4 py-4 text-soft">{words.clients.noMoney}</p>}
      <ul className="divide-y divide-line">
        {(query.data ?? []).map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
    </Card>
  )
}

function Line({ line }: { line: Transaction }) {
  const formats = useFormats()
  return (
    <li className="px-4 py-2.5">
      <div className="flex items-baseline justify-between gap-3">
        <Link to="/transactions/$id" params={{ id: line.id }} className="min-w-0 truncate font-medium hover:underline">
          {line.counterparty.name}
        </Link>
        <Amount amount={line.amount} currency={line.currency} direction={line.direction} strong />
      </div>
      <div className="mt-0.5 flex items-center justify-between gap-3">
        <p className="truncate text-sm text-soft">
          {formats.day(line.transaction_date)} · {line.description || line.reference}
        </p>
        <State row={line} />
      </div>
    </li>
  )
}

const namesOf = ({ name, company, payers = [] }: KnownClient): string[] =>
  [...new Set([company, name, ...payers.map((payer) => payer.name)].map((text) => text.trim()))]
    .filter((text) => text.length > 2)
    .slice(0, NAMES_MAX)

/** Newest first. */
async function linesNamed(payymo: Payymo, names: readonly string[], signal: AbortSignal): Promise<Transaction[]> {
  const pages = await Promise.all(
    names.map((q) => payymo.transactions.list({ q, per_page: SHOWN, sort: '-transaction_date' }, { signal })),
  )
  const lines = new Map(pages.flatMap(({ data }) => data.map((line) => [line.id, line] as const)))
  return [...lines.values()]
    .sort((left, right) => right.transaction_date.localeCompare(left.transaction_date))
    .slice(0, SHOWN)
}
