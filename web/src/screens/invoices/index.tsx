import { useNavigate, useSearch } from '@tanstack/react-router'
import { useKeptSearch } from '../../app/last-search.ts'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Count } from '../../design/count.tsx'
import { countFilters, FilterAmounts, FilterBar, FilterChoice, FilterDays } from '../../design/filters.tsx'
import { Page } from '../../design/page.tsx'
import { Empty } from '../../design/states.tsx'
import { ClientChoice } from '../clients/choice.tsx'
import { type Filters, SHOWN, SORTS } from './filters.ts'
import { InvoiceRows, useInvoiceList } from './list.tsx'

/** Every invoice that the billing system or the API gave. */
export function Invoices() {
  const words = useWords()
  const navigate = useNavigate()
  const filters = useSearch({ from: '/inside/invoices' })
  useKeptSearch('/invoices', filters)
  const { sort: _, ...chosen } = filters
  const query = useInvoiceList(filters)
  return (
    <Page title={words.invoices.title} actions={<Count query={query} />}>
      <Card>
        <InvoiceFilters filters={filters} />
        <InvoiceRows
          query={query}
          empty={
            Object.keys(chosen).length > 0 ? (
              <Empty
                title={words.states.noneFound}
                action={
                  <Button onClick={() => void navigate({ to: '/invoices', search: {} })}>{words.states.clear}</Button>
                }
              />
            ) : (
              <Empty title={words.states.none}>{words.invoices.emptyText}</Empty>
            )
          }
        />
      </Card>
    </Page>
  )
}

function InvoiceFilters({ filters }: { filters: Filters }) {
  const words = useWords()
  const texts = words.invoices
  const navigate = useNavigate()
  const { q, sort, ...others } = filters
  const change = (next: { [K in keyof Filters]?: Filters[K] | undefined }) =>
    void navigate({ to: '/invoices', replace: true, search: compact({ ...filters, ...next }) })
  return (
    <FilterBar
      search={texts.search}
      q={q}
      onSearch={(sought) => change({ q: sought })}
      count={countFilters(others)}
      clear={() => void navigate({ to: '/invoices', replace: true, search: compact({ q, sort }) })}
    >
      <FilterChoice
        label={texts.state}
        value={filters.show}
        options={SHOWN.map((value) => ({
          value,
          label: value === 'overdue' ? texts.overdue : words.review.status[value],
        }))}
        onChoose={(show) => change({ show })}
      />
      {filters.client_id !== undefined && (
        <ClientChoice label={texts.client} id={filters.client_id} onClear={() => change({ client_id: undefined })} />
      )}
      <FilterChoice
        label={texts.source}
        value={filters.source}
        options={(['whmcs', 'api'] as const).map((value) => ({ value, label: texts.sources[value] }))}
        onChoose={(source) => change({ source })}
      />
      <FilterDays
        label={texts.due}
        from={filters.due_on_from}
        to={filters.due_on_to}
        onChoose={({ from, to }) => change({ due_on_from: from, due_on_to: to })}
      />
      <FilterAmounts
        label={texts.total}
        from={filters.total_min}
        to={filters.total_max}
        onChoose={({ from, to }) => change({ total_min: from, total_max: to })}
      />
      <FilterChoice
        label={texts.sort}
        value={filters.sort}
        options={SORTS.map((value) => ({ value, label: texts.sorts[value] }))}
        onChoose={(next) => change({ sort: next })}
      />
    </FilterBar>
  )
}
