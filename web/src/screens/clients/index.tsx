import type { Client } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useKeptSearch } from '../../app/last-search.ts'
import { useList } from '../../app/list.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Count } from '../../design/count.tsx'
import { FilterBar, FilterChoice } from '../../design/filters.tsx'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { type Filters, SORTS } from './filters.ts'
import { keepClient } from './queries.ts'

/** Everybody who is billed. */
export function Clients() {
  const words = useWords()
  const texts = words.clients
  const payymo = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const filters = useSearch({ from: '/inside/clients' })
  useKeptSearch('/clients', filters)
  const query = useList(['clients', 'list', filters], (page, signal) =>
    payymo.clients.list({ sort: 'name', ...filters, ...page }, { signal }),
  )
  const change = (next: { [K in keyof Filters]?: Filters[K] | undefined }) =>
    void navigate({ to: '/clients', replace: true, search: compact({ ...filters, ...next }) })
  const link = (row: Client) => (
    <Link
      to="/clients/$id"
      params={{ id: row.id }}
      onClick={() => keepClient(client, row)}
      className="block truncate font-medium hover:underline"
    >
      {row.name || row.company}
    </Link>
  )
  const columns: Column<Client>[] = [
    { key: 'name', title: texts.name, width: 'minmax(0, 1fr)', cell: link },
    {
      key: 'company',
      title: texts.company,
      width: 'minmax(0, 1fr)',
      cell: (row) => <p className="truncate">{row.company || <span className="text-faint">–</span>}</p>,
    },
    {
      key: 'email',
      title: texts.email,
      width: 'minmax(0, 1.2fr)',
      cell: (row) => <p className="truncate text-soft">{row.email}</p>,
    },
    {
      key: 'number',
      title: texts.externalId,
      width: '6rem',
      end: true,
      cell: (row) => <span className="tabular text-soft">{row.external_id}</span>,
    },
  ]
  return (
    <Page title={texts.title} actions={<Count query={query} />}>
      <Card>
        <FilterBar
          search={texts.search}
          q={filters.q}
          onSearch={(q) => change({ q })}
          count={0}
          clear={() => change({ q: undefined })}
        >
          <FilterChoice
            label={texts.sort}
            value={filters.sort}
            options={SORTS.map((value) => ({ value, label: texts.sorts[value] }))}
            onChoose={(sort) => change({ sort })}
          />
        </FilterBar>
        <Rows
          label={texts.title}
          columns={columns}
          query={query}
          onOpen={(row) => {
            keepClient(client, row)
            void navigate({ to: '/clients/$id', params: { id: row.id } })
          }}
          narrow={(row) => (
            <>
              <div className="flex items-baseline justify-between gap-3">
                {link(row)}
                <span className="tabular text-sm text-faint">{row.external_id}</span>
              </div>
              <p className="mt-1 truncate text-sm text-soft">
                {[row.company, row.email].filter((text) => text !== '').join(' · ')}
              </p>
            </>
          )}
          empty={
            filters.q === undefined ? (
              <Empty title={words.states.none}>{texts.emptyText}</Empty>
            ) : (
              <Empty
                title={words.states.noneFound}
                action={<Button onClick={() => change({ q: undefined })}>{words.states.clear}</Button>}
              />
            )
          }
        />
      </Card>
    </Page>
  )
}
