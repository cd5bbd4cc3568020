import type { ListedPayout } from '@payymo/sdk'
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
import { COMPOSITIONS, type Filters, STATUSES } from './filters.ts'
import { AtBank, Explained, PayoutState } from './state.tsx'

/** What Stripe sent to the bank, and how far each is explained. */
export function Payouts() {
  const words = useWords()
  const texts = words.payouts
  const payymo = useApi()
  const formats = useFormats()
  const navigate = useNavigate()
  const filters = useSearch({ from: '/inside/payouts' })
  useKeptSearch('/payouts', filters)
  const query = useList(['payouts', 'list', filters], (page, signal) =>
    payymo.payouts.list({ ...filters, ...page, sort: '-arrival_date' }, { signal }),
  )
  const link = (row: ListedPayout) => (
    <Link to="/payouts/$id" params={{ id: row.id }} className="font-medium hover:underline">
      {formats.day(row.arrival_date)}
    </Link>
  )
  const columns: Column<ListedPayout>[] = [
    { key: 'day', title: texts.arrives, width: '7rem', cell: link },
    { key: 'status', title: texts.status, width: '7rem', cell: (row) => <PayoutState status={row.status} /> },
    {
      key: 'made',
      title: texts.madeOf,
      width: 'minmax(0, 1fr)',
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-3">
          <Explained payout={row} />
          <span className="truncate text-sm text-soft">
            {row.items_count === null ? row.explained.note : texts.items(row.items_count)}
          </span>
        </span>
      ),
    },
    { key: 'bank', title: texts.atBank, width: '9rem', cell: (row) => <AtBank payout={row} /> },
    {
      key: 'fees',
      title: texts.fees,
      width: '7rem',
      end: true,
      cell: (row) => (
        <span className="tabular text-soft">{formats.amount(row.explained.fees_total, row.currency)}</span>
      ),
    },
    {
      key: 'amount',
      title: texts.amount,
      width: '8rem',
      end: true,
      cell: (row) => <Amount amount={row.amount} currency={row.currency} strong />,
    },
  ]
  return (
    <Page
      title={texts.title}
      actions={
        <>
          <Count query={query} />
          <ExportButton name="payouts.csv" read={() => payymo.payouts.exportCsv(filters)} />
        </>
      }
    >
      <Card>
        <PayoutFilters filters={filters} />
        <Rows
          label={texts.title}
          columns={columns}
          query={query}
          onOpen={(row) => void navigate({ to: '/payouts/$id', params: { id: row.id } })}
          narrow={(row) => (
            <>
              <div className="flex items-baseline justify-between gap-3">
                {link(row)}
                <Amount amount={row.amount} currency={row.currency} strong />
              </div>
              <div className="mt-1 flex flex-wrap items-center gap-2">
                <PayoutState status={row.status} />
                <Explained payout={row} />
                <AtBank payout={row} />
              </div>
            </>
          )}
          empty={
            Object.keys(filters).length > 0 ? (
              <Empty
                title={words.states.noneFound}
                action={
                  <Button onClick={() => void navigate({ to: '/payouts', search: {} })}>{words.states.clear}</Button>
                }
              />
            ) : (
              <Empty title={words.states.none}>{texts.emptyText}</Empty>
            )
          }
        />
      </Card>
    </Page>
  )
}

function PayoutFilters({ filters }: { filters: Filters }) {
  const words = useWords().payouts
  const navigate = useNavigate()
  const { q, ...others } = filters
  const change = (next: { [K in keyof Filters]?: Filters[K] | undefined }) =>
    void navigate({ to: '/payouts', replace: true, search: compact({ ...filters, ...next }) })
  return (
    <FilterBar
      search={words.search}
      q={q}
      onSearch={(sought) => change({ q: sought })}
      count={countFilters(others)}
      clear={() => void navigate({ to: '/payouts', replace: true, search: compact({ q }) })}
    >
      <FilterChoice
        label={words.status}
        value={filters.status}
        options={STATUSES.map((value) => ({ value, label: words.statuses[value] }))}
        onChoose={(status) => change({ status })}
      />
      <FilterChoice
        label={words.madeOf}
        value={filters.composition}
        options={COMPOSITIONS.map((value) => ({ value, label: words.compositions[value] }))}
        onChoose={(composition) => change({ composition })}
      />
      <FilterDays
        label={words.arrives}
        from={filters.arrival_date_from}
        to={filters.arrival_date_to}
        onChoose={({ from, to }) => change({ arrival_date_from: from, arrival_date_to: to })}
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
