import type { Tenant } from '@payymo/sdk'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useList } from '../../app/list.ts'
import { useStanding } from '../../app/standing.ts'
import { useApi, useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { countFilters, FilterBar, FilterChoice } from '../../design/filters.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { ENVIRONMENTS, KINDS, STATES, type TenantFilters, TIERS } from './filters.ts'
import { TenantForm } from './form.tsx'
import { Calls, HealthMark } from './health.tsx'
import { TenantState } from './state.tsx'

/** The companies that the operator, or a partner, looks after. */
export function Tenants() {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const navigate = useNavigate()
  const say = useSay()
  const may = useMay('admin')
  const { tenant: own } = useSeat()
  const [adding, setAdding] = useState(false)
  const filters = useSearch({ from: '/inside/tenants' })
  const query = useList<Tenant>(['tenants', filters], (page, signal) =>
    payymo.tenants.list({ ...page, ...filters, sort: 'name', expand: 'health' }, { signal }),
  )
  const name = (row: Tenant) => (
    <span className="flex min-w-0 items-center gap-2">
      <Link to="/tenants/$id" params={{ id: row.id }} className="truncate font-medium">
        {row.name}
      </Link>
      {row.id === own.id && <Badge>{words.tenants.you}</Badge>}
    </span>
  )
  const columns: Column<Tenant>[] = [
    { key: 'name', title: words.tenants.name, width: 'minmax(0, 1.4fr)', cell: name },
    {
      key: 'what',
      title: words.tenants.kind,
      width: '9rem',
      cell: ({ kind, tier, environment }) => (
        <>
          {words.tenants.kinds[kind]}
          <span className="block text-xs text-faint">
            {words.tenants.tiers[tier]}
            {environment === 'sandbox' && ` · ${words.tenants.environments.sandbox}`}
          </span>
        </>
      ),
    },
    { key: 'state', title: words.tenants.state, width: '6.5rem', cell: (row) => <TenantState tenant={row} /> },
    { key: 'health', title: words.tenants.health.short, width: '12rem', cell: (row) => <HealthMark tenant={row} /> },
    {
      key: 'fetched',
      title: words.tenants.health.lastFetch,
      width: '8rem',
      cell: ({ health }) => (
        <span className="text-soft">
          {health?.last_fetch_at == null ? words.tenants.health.never : formats.ago(health.last_fetch_at)}
        </span>
      ),
    },
    {
      key: 'waiting',
      title: words.tenants.health.waiting,
      width: '6rem',
      end: true,
      cell: ({ health }) => <span className="tabular">{formats.count(health?.waiting ?? 0)}</span>,
    },
    {
      key: 'calls',
      title: words.tenants.health.callsShort,
      width: '6rem',
      end: true,
      cell: ({ health }) => health && <Calls health={health} />,
    },
  ]
  const add = may && (
    <Button weight="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {words.tenants.add}
    </Button>
  )
  return (
    <Page title={words.tenants.title} actions={add}>
      <Card>
        <Filters filters={filters} />
        <Rows
          label={words.tenants.title}
          columns={columns}
          query={query}
          onOpen={({ id }) => void navigate({ to: '/tenants/$id', params: { id } })}
          narrow={(row) => (
            <>
              <div className="flex items-center justify-between gap-3">
                {name(row)}
                {row.status === 'active' ? <HealthMark tenant={row} /> : <TenantState tenant={row} />}
              </div>
              <p className="truncate text-sm text-soft">
                {words.tenants.kinds[row.kind]} · {words.tenants.tiers[row.tier]} ·{' '}
                {words.tenants.environments[row.environment]}
              </p>
              {row.health && (
                <p className="truncate text-sm text-faint">
                  {words.tenants.health.waits(formats.count(row.health.waiting))}
                  {row.health.last_fetch_at !== null &&
                    ` · ${words.tenants.health.fetched(formats.ago(row.health.last_fetch_at))}`}
                </p>
              )}
            </>
          )}
          empty={
            Object.keys(filters).length > 0 ? (
              <Empty
                title={words.states.noneFound}
                action={
                  <Button onClick={() => void navigate({ to: '/tenants', search: {} })}>{words.states.clear}</Button>
                }
              />
            ) : (
              <Empty title={words.states.none} action={add}>
                {words.tenants.emptyText}
              </Empty>
            )
          }
        />
      </Card>
      <Dialog open={adding} onClose={() => setAdding(false)} side title={words.tenants.add}>
        <TenantForm
          onKept={(tenant) => {
            setAdding(false)
            say(words.tenants.created(tenant.name))
            void navigate({ to: '/tenants/$id', params: { id: tenant.id } })
          }}
        />
      </Dialog>
    </Page>
  )
}

function Filters({ filters }: { filters: TenantFilters }) {
  const { tenants: words } = useWords()
  const navigate = useNavigate()
  const operator = useStanding() === 'operator'
  const change = (next: { [K in keyof TenantFilters]: TenantFilters[K] | undefined }) =>
    void navigate({ to: '/tenants', replace: true, search: compact({ ...filters, ...next }) })
  return (
    <FilterBar
      search={words.search}
      q={filters.q}
      onSearch={(q) => change({ q })}
      count={countFilters(filters)}
      clear={() => void navigate({ to: '/tenants', search: compact({ q: filters.q }) })}
    >
      <FilterChoice
        label={words.state}
        value={filters.status}
        options={STATES.map((value) => ({ value, label: words.states[value] }))}
        onChoose={(status) => change({ status })}
      />
      <FilterChoice
        label={words.tier}
        value={filters.tier}
        options={TIERS.map((value) => ({ value, label: words.tiers[value] }))}
        onChoose={(tier) => change({ tier })}
      />
      {operator && (
        <FilterChoice
          label={words.kind}
          value={filters.kind}
          options={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
          onChoose={(kind) => change({ kind })}
        />
      )}
      <FilterChoice
        label={words.environment}
        value={filters.environment}
        options={ENVIRONMENTS.map((value) => ({ value, label: words.environments[value] }))}
        onChoose={(environment) => change({ environment })}
      />
    </FilterBar>
  )
}
