import type { Alert } from '@payymo/sdk'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useList } from '../../app/list.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Choice } from '../../design/field.tsx'
import { Page } from '../../design/page.tsx'
import { Empty, Failed, Waiting } from '../../design/states.tsx'
import { type Filters, SEVERITIES, type Severity } from './filters.ts'
import { AlertRow } from './row.tsx'

/** What a person must look at, the newest first. Messages are of any length, so that rows have no common height. */
export function Alerts() {
  const words = useWords()
  const payymo = useApi()
  const may = useMay('admin')
  const filters = useSearch({ from: '/inside/alerts' })
  const query = useList<Alert>(['alerts', 'list', filters], (page, signal) =>
    payymo.alerts.list(
      {
        open: filters.state === 'closed' ? 'false' : 'true',
        ...(filters.severity === undefined ? {} : { severity: filters.severity }),
        sort: filters.state === 'closed' ? '-closed_at' : '-opened_at',
        ...page,
      },
      { signal },
    ),
  )
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <Page title={words.alerts.title}>
      <Card>
        <Choose filters={filters} />
        {query.isPending && <Waiting rows={4} label={words.states.loading} />}
        {query.isError && rows.length === 0 && <Failed error={query.error} again={() => void query.refetch()} />}
        {query.isSuccess && rows.length === 0 && <None filters={filters} />}
        {rows.length > 0 && (
          <ul aria-label={words.alerts.title} className="divide-y divide-line">
            {rows.map((alert) => (
              <AlertRow key={alert.id} alert={alert} />
            ))}
          </ul>
        )}
        {query.hasNextPage && (
          <div className="border-t border-line p-3">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {words.connections.more}
            </Button>
          </div>
        )}
      </Card>
      {!may && rows.length > 0 && <p className="mt-3 text-sm text-faint">{words.alerts.adminOnly}</p>}
    </Page>
  )
}

function Choose({ filters }: { filters: Filters }) {
  const { alerts: words } = useWords()
  const navigate = useNavigate()
  const change = (next: { [K in keyof Filters]?: Filters[K] | undefined }) =>
    void navigate({ to: '/alerts', replace: true, search: compact({ ...filters, ...next }) })
  return (
    <div className="flex flex-wrap gap-2 border-b border-line p-3">
      <Choice
        label={words.state}
        hidden
        value={filters.state ?? 'open'}
        onChange={({ target: { value } }) => change({ state: value === 'closed' ? 'closed' : undefined })}
      >
        <option value="open">{words.states.open}</option>
        <option value="closed">{words.states.closed}</option>
      </Choice>
      <Choice
        label={words.severity}
        hidden
        value={filters.severity ?? ''}
        onChange={({ target: { value } }) => change({ severity: value === '' ? undefined : (value as Severity) })}
      >
        <option value="">{words.allSeverities}</option>
        {SEVERITIES.map((severity) => (
          <option key={severity} value={severity}>
            {words.severities[severity]}
          </option>
        ))}
      </Choice>
    </div>
  )
}

function None({ filters }: { filters: Filters }) {
  const words = useWords()
  const navigate = useNavigate()
  if (filters.severity !== undefined)
    return (
      <Empty
        title={words.states.noneFound}
        action={
          <Button onClick={() => void navigate({ to: '/alerts', search: compact({ state: filters.state }) })}>
            {words.states.clear}
          </Button>
        }
      />
    )
  return filters.state === 'closed' ? (
    <Empty title={words.alerts.noneClosed} />
  ) : (
    <Empty title={words.alerts.none}>{words.alerts.noneText}</Empty>
  )
}
