import type { Transaction } from '@payymo/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useDeferredValue, useEffect, useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Choice, SearchField } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { saveFile } from '../../design/save-file.ts'
import { Empty } from '../../design/states.tsx'
import { type Filters, MATCH_STATES } from './filters.ts'

const PAGE = 100

/** Every line of money, newest first. */
export function Transactions() {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const filters = useSearch({ from: '/inside/transactions' })
  const query = useInfiniteQuery({
    queryKey: ['transactions', filters],
    queryFn: ({ pageParam, signal }) =>
      payymo.transactions.list(
        { ...filters, per_page: PAGE, sort: '-transaction_date', ...(pageParam === '' ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
  })
  const columns: Column<Transaction>[] = [
    { key: 'date', title: words.transactions.date, width: '7rem', cell: (row) => formats.day(row.transaction_date) },
    {
      key: 'payer',
      title: words.transactions.payer,
      width: 'minmax(0, 1fr)',
      cell: (row) => <p className="truncate font-medium">{row.counterparty.name || words.transactions.unknownPayer}</p>,
    },
    {
      key: 'text',
      title: words.transactions.text,
      width: 'minmax(0, 1.4fr)',
      cell: (row) => <p className="truncate text-soft">{row.description || row.reference}</p>,
    },
    { key: 'state', title: words.transactions.state, width: '7rem', cell: (row) => <State row={row} /> },
    {
      key: 'amount',
      title: words.transactions.amount,
      width: '8rem',
      end: true,
      cell: (row) => <Amount amount={row.amount} currency={row.currency} direction={row.direction} strong />,
    },
  ]
  const filtered = Object.keys(filters).length > 0
  return (
    <Page
      title={words.transactions.title}
      actions={
        <Button
          icon={<Download aria-hidden className="size-4" />}
          onClick={() =>
            void payymo.transactions.exportCsv(filters).then((csv) => saveFile('transactions.csv', csv, 'text/csv'))
          }
        >
          {words.transactions.export}
        </Button>
      }
    >
      <Card>
        <FilterBar filters={filters} />
        <Rows
          label={words.transactions.title}
          columns={columns}
          query={query}
          narrow={(row) => (
            <>
              <div className="flex items-baseline justify-between gap-3">
                <p className="truncate font-medium">{row.counterparty.name || words.transactions.unknownPayer}</p>
                <Amount amount={row.amount} currency={row.currency} direction={row.direction} strong />
              </div>
              <div className="mt-1 flex items-center justify-between gap-3">
                <p className="truncate text-sm text-soft">
                  {formats.day(row.transaction_date)} · {row.description || row.reference}
                </p>
                <State row={row} />
              </div>
            </>
          )}
          empty={
            filtered ? (
              <Empty title={words.states.noneFound} action={<ClearFilters />} />
            ) : (
              <Empty title={words.states.none}>{words.transactions.emptyText}</Empty>
            )
          }
        />
      </Card>
    </Page>
  )
}

const TONES: Record<Transaction['match_status'], Tone> = {
  unmatched: 'neutral',
  suggested: 'warn',
  matched: 'info',
  applied: 'good',
  transfer: 'neutral',
}

function State({ row }: { row: Transaction }) {
  const words = useWords()
  if (row.status === 'pending') return <Badge>{words.transactions.pending}</Badge>
  if (row.status === 'ignored') return <Badge>{words.transactions.ignored}</Badge>
  if (row.direction === 'debit' && row.match_status === 'unmatched') return null
  return <Badge tone={TONES[row.match_status]}>{words.transactions.match[row.match_status]}</Badge>
}

function FilterBar({ filters }: { filters: Filters }) {
  const words = useWords()
  const navigate = useNavigate()
  const [q, setQ] = useState(filters.q ?? '')
  const sought = useDeferredValue(q)
  const change = (next: Partial<Record<keyof Filters, string | undefined>>) =>
    void navigate({
      to: '/transactions',
      replace: true,
      search: (before: Filters) =>
        Object.fromEntries(
          Object.entries({ ...before, ...next }).filter(([, value]) => value !== undefined && value !== ''),
        ) as Filters,
    })
  useEffect(() => {
    if (sought === (filters.q ?? '')) return
    const timer = setTimeout(() => change({ q: sought }), 250)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only what was typed starts it
  }, [sought])
  return (
    <search className="grid gap-2 border-b border-line p-3 sm:grid-cols-[minmax(0,1fr)_auto_auto]">
      <SearchField
        label={words.app.search}
        placeholder={words.transactions.search}
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      <Choice
        label={words.transactions.state}
        hidden
        value={filters.match_status ?? ''}
        onChange={(event) => change({ match_status: event.target.value })}
      >
        <option value="">{words.transactions.all}</option>
        {MATCH_STATES.map((state) => (
          <option key={state} value={state}>
            {words.transactions.match[state]}
          </option>
        ))}
      </Choice>
      <Choice
        label={words.transactions.amount}
        hidden
        value={filters.direction ?? ''}
        onChange={(event) => change({ direction: event.target.value })}
      >
        <option value="">{words.transactions.all}</option>
        {(['credit', 'debit'] as const).map((direction) => (
          <option key={direction} value={direction}>
            {words.transactions.direction[direction]}
          </option>
        ))}
      </Choice>
    </search>
  )
}

function ClearFilters() {
  const words = useWords()
  const navigate = useNavigate()
  return <Button onClick={() => void navigate({ to: '/transactions', search: {} })}>{words.states.clear}</Button>
}
