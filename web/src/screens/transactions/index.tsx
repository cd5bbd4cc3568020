import type { Transaction } from '@payymo/sdk'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useKeptSearch } from '../../app/last-search.ts'
import { useList } from '../../app/list.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Amount } from '../../design/amount.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Count } from '../../design/count.tsx'
import { ExportButton } from '../../design/export.tsx'
import { countFilters, FilterAmounts, FilterBar, FilterChoice, FilterDays } from '../../design/filters.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { ClientChoice } from '../clients/choice.tsx'
import { useAccounts } from './accounts.ts'
import { DIRECTIONS, type Filters, SOURCES, STATES, stateOf, withState } from './filters.ts'
import { State } from './state.tsx'

/** Every line of money, newest first. */
export function Transactions() {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const navigate = useNavigate()
  const filters = useSearch({ from: '/inside/transactions' })
  useKeptSearch('/transactions', filters)
  const query = useList(['transactions', 'list', filters], (page, signal) =>
    payymo.transactions.list({ ...filters, ...page, sort: '-transaction_date' }, { signal }),
  )
  const nameOf = (row: Transaction) => row.counterparty.name || words.transactions.unknownPayer
  const open = (row: Transaction) => void navigate({ to: '/transactions/$id', params: { id: row.id } })
  const columns: Column<Transaction>[] = [
    { key: 'date', title: words.transactions.date, width: '7rem', cell: (row) => formats.day(row.transaction_date) },
    {
      key: 'payer',
      title: words.transactions.payer,
      width: 'minmax(0, 1fr)',
      cell: (row) => (
        <Link to="/transactions/$id" params={{ id: row.id }} className="block truncate font-medium hover:underline">
          {nameOf(row)}
        </Link>
      ),
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
  return (
    <Page
      title={words.transactions.title}
      actions={
        <>
          <Count query={query} />
          <ExportButton name="transactions.csv" read={() => payymo.transactions.exportCsv(filters)} />
        </>
      }
    >
      <Card>
        <TransactionFilters filters={filters} />
        <Rows
          label={words.transactions.title}
          columns={columns}
          query={query}
          onOpen={open}
          narrow={(row) => (
            <>
              <div className="flex items-baseline justify-between gap-3">
                <Link to="/transactions/$id" params={{ id: row.id }} className="truncate font-medium">
                  {nameOf(row)}
                </Link>
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
            Object.keys(filters).length > 0 ? (
              <Empty
                title={words.states.noneFound}
                action={
                  <Button onClick={() => void navigate({ to: '/transactions', search: {} })}>
                    {words.states.clear}
                  </Button>
                }
              />
            ) : (
              <Empty title={words.states.none}>{words.transactions.emptyText}</Empty>
            )
          }
        />
      </Card>
    </Page>
  )
}

function TransactionFilters({ filters }: { filters: Filters }) {
  const words = useWords().transactions
  const navigate = useNavigate()
  const accounts = useAccounts()
  const change = (next: { [K in keyof Filters]?: Filters[K] | undefined }) =>
    void navigate({ to: '/transactions', replace: true, search: compact({ ...filters, ...next }) })
  const { q, ...others } = filters
  return (
    <FilterBar
      search={words.search}
      q={q}
      onSearch={(sought) => change({ q: sought })}
      count={countFilters(others)}
      clear={() => void navigate({ to: '/transactions', replace: true, search: compact({ q }) })}
    >
      <FilterChoice
        label={words.state}
        value={stateOf(filters)}
        options={STATES.map((state) => ({
          value: state,
          label: state === 'pending' || state === 'ignored' ? words[state] : words.match[state],
        }))}
        onChoose={(state) => change(withState(state))}
      />
      <FilterChoice
        label={words.way}
        value={filters.direction}
        options={DIRECTIONS.map((value) => ({ value, label: words.direction[value] }))}
        onChoose={(direction) => change({ direction })}
      />
      {accounts.length > 1 && (
        <FilterChoice
          label={words.account}
          value={filters.account_id}
          options={accounts}
          onChoose={(account_id) => change({ account_id })}
        />
      )}
      {filters.client_id !== undefined && (
        <ClientChoice label={words.client} id={filters.client_id} onClear={() => change({ client_id: undefined })} />
      )}
      <FilterChoice
        label={words.source}
        value={filters.source}
        options={SOURCES.map((value) => ({ value, label: words.sources[value] }))}
        onChoose={(source) => change({ source })}
      />
      <FilterDays
        label={words.date}
        from={filters.transaction_date_from}
        to={filters.transaction_date_to}
        onChoose={({ from, to }) => change({ transaction_date_from: from, transaction_date_to: to })}
      />
      <FilterAmounts
        label={words.amount}
        from={filters.amount_min}
        to={filters.amount_max}
        onChoose={({ from, to }) => change({ amount_min: from, amount_max: to })}
      />
    </FilterBar>
  )
}
