import type { AuditEvent } from '@payymo/sdk'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useList } from '../../app/list.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { countFilters, FilterBar, FilterChoice, FilterDays } from '../../design/filters.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { ExportAudit } from './export.tsx'
import { ACTORS, type AuditFilters, queryOf, THINGS } from './filters.ts'
import { RowPanel } from './row.tsx'
import { Actor, Done, useSaid } from './said.tsx'
import { useVerify } from './verify.tsx'

/** Who did what, when and from where. */
export function Audit() {
  const words = useWords()
  const { audit } = words
  const payymo = useApi()
  const formats = useFormats()
  const navigate = useNavigate()
  const said = useSaid()
  const verify = useVerify()
  const { row: open, ...filters } = useSearch({ from: '/inside/audit' })
  const query = useList<AuditEvent>(['audit-events', filters], (page, signal) =>
    payymo.auditEvents.list({ ...page, ...queryOf(filters) }, { signal }),
  )
  const show = (row: string | undefined) =>
    void navigate({ to: '/audit', search: compact({ ...filters, row }), resetScroll: false })
  const what = (row: AuditEvent) => (
    <button
      type="button"
      aria-label={said(row)}
      className="block max-w-full truncate text-left font-medium"
      onClick={(event) => {
        event.stopPropagation()
        show(row.id)
      }}
    >
      <Done row={row} />
    </button>
  )
  const columns: Column<AuditEvent>[] = [
    {
      key: 'at',
      title: audit.at,
      width: '10.5rem',
      cell: ({ at }) => <span className="tabular text-soft">{formats.moment(at)}</span>,
    },
    { key: 'what', title: audit.what, width: 'minmax(0, 1fr)', cell: what },
    {
      key: 'who',
      title: audit.who,
      width: 'minmax(0, 1fr)',
      cell: (row) => (
        <p className="truncate">
          <Actor row={row} />
        </p>
      ),
    },
    {
      key: 'thing',
      title: audit.thing,
      width: 'minmax(0, 1fr)',
      cell: ({ resource }) => <p className="truncate font-mono text-xs text-soft">{resource.id}</p>,
    },
    {
      key: 'from',
      title: audit.from,
      width: '8rem',
      end: true,
      cell: ({ ip }) => <p className="truncate font-mono text-xs text-soft">{ip}</p>,
    },
  ]
  return (
    <Page
      title={audit.title}
      actions={
        <>
          <ExportAudit filters={filters} />
          {verify.button}
        </>
      }
    >
      {verify.said}
      <p className="mb-3 max-w-prose text-soft">{audit.text}</p>
      <Card>
        <Filters filters={filters} />
        <Rows
          label={audit.title}
          columns={columns}
          query={query}
          onOpen={({ id }) => show(id)}
          narrow={(row) => (
            <>
              {what(row)}
              <p className="truncate text-sm text-soft">
                {formats.moment(row.at)} · <Actor row={row} />
              </p>
            </>
          )}
          empty={
            <Empty
              title={words.states.noneFound}
              action={<Button onClick={() => void navigate({ to: '/audit', search: {} })}>{words.states.clear}</Button>}
            />
          }
        />
      </Card>
      <RowPanel rowId={open} onClose={() => show(undefined)} />
    </Page>
  )
}

function Filters({ filters }: { filters: AuditFilters }) {
  const { audit } = useWords()
  const navigate = useNavigate()
  const change = (next: { [K in keyof AuditFilters]: AuditFilters[K] | undefined }) =>
    void navigate({ to: '/audit', replace: true, search: compact({ ...filters, ...next }) })
  const named = (['actor_id', 'resource_id'] as const).flatMap((field) =>
    filters[field] === undefined ? [] : [[field, filters[field]] as const],
  )
  return (
    <>
      <FilterBar
        search={audit.search}
        q={filters.q}
        onSearch={(q) => change({ q })}
        count={countFilters(filters)}
        clear={() => void navigate({ to: '/audit', search: compact({ q: filters.q }) })}
      >
        <FilterChoice
          label={audit.who}
          value={filters.actor_type}
          options={ACTORS.map((value) => ({ value, label: audit.actors[value] }))}
          onChoose={(actor_type) => change({ actor_type })}
        />
        <FilterChoice
          label={audit.thing}
          value={filters.resource_type}
          options={THINGS.map((value) => ({ value, label: audit.things[value] ?? value }))}
          onChoose={(resource_type) => change({ resource_type })}
        />
        <FilterDays
          label={audit.at}
          from={filters.from}
          to={filters.to}
          onChoose={({ from, to }) => change({ from, to })}
        />
      </FilterBar>
      {named.length > 0 && (
        <div className="flex flex-wrap gap-2 border-b border-line px-3 py-2">
          {named.map(([field, id]) => (
            <Button key={field} className="min-w-0" onClick={() => change({ [field]: undefined })}>
              <span className="truncate font-mono text-xs">{id}</span>
              <X aria-hidden className="size-3.5" />
            </Button>
          ))}
        </div>
      )}
    </>
  )
}
