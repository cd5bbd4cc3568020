import type { ApiCall } from '@payymo/sdk'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useList } from '../../app/list.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Badge, type Tone } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { FilterChoice } from '../../design/filters.tsx'
import { useFormats } from '../../design/format.ts'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { type CallFilters, METHODS } from './filters.ts'

type Call = ApiCall & { id: string }

const STATUSES = ['200', '201', '202', '204', '400', '401', '403', '404', '409', '422', '429', '500', '503']

/** Every call made with a key, newest first. */
export function Calls({ keyId }: { keyId: string }) {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const filters = useSearch({ from: '/inside/keys/$id' })
  const query = useList<Call>(['api-keys', 'calls', keyId, filters], async (page, signal) => {
    const answer = await payymo.apiKeys.listUsage(keyId, { ...page, ...filters }, { signal })
    // Calls have no id, and a program may send the same request id again: their place in the list tells them apart.
    return { ...answer, data: answer.data.map((call, at) => ({ ...call, id: `${page.cursor ?? ''}#${at}` })) }
  })
  const columns: Column<Call>[] = [
    { key: 'status', title: words.keys.status, width: '5rem', cell: (row) => <Status status={row.status} /> },
    {
      key: 'route',
      title: words.keys.route,
      width: 'minmax(0, 1.4fr)',
      cell: ({ method, route }) => (
        <p className="truncate font-mono text-sm">
          {method} {route}
        </p>
      ),
    },
    {
      key: 'ip',
      title: words.keys.ip,
      width: '9rem',
      cell: ({ ip }) => <p className="truncate font-mono text-sm text-soft">{ip}</p>,
    },
    {
      key: 'request',
      title: words.keys.request,
      width: 'minmax(0, 1fr)',
      cell: (row) => <p className="truncate font-mono text-sm text-soft">{row.request_id}</p>,
    },
    {
      key: 'at',
      title: words.keys.at,
      width: '11rem',
      end: true,
      cell: ({ at }) => <span className="tabular text-soft">{formats.moment(at)}</span>,
    },
  ]
  const filtered = Object.keys(filters).length > 0
  return (
    <Card title={words.keys.calls} action={<span className="text-sm text-faint">{words.keys.callsText}</span>}>
      <Filters keyId={keyId} filters={filters} />
      <Rows
        label={words.keys.calls}
        columns={columns}
        query={query}
        narrow={(row) => (
          <>
            <div className="flex items-center justify-between gap-3">
              <p className="truncate font-mono text-sm">
                {row.method} {row.route}
              </p>
              <Status status={row.status} />
            </div>
            <p className="truncate text-sm text-soft">
              {formats.moment(row.at)} · {row.ip}
            </p>
          </>
        )}
        empty={
          filtered ? (
            <Empty title={words.states.noneFound} action={<Clear keyId={keyId} />} />
          ) : (
            <Empty title={words.states.none}>{words.keys.callsEmpty}</Empty>
          )
        }
      />
    </Card>
  )
}

function Status({ status }: { status: number }) {
  const tone: Tone = status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good'
  return (
    <Badge tone={tone}>
      <span className="tabular">{status}</span>
    </Badge>
  )
}

function Filters({ keyId, filters }: { keyId: string; filters: CallFilters }) {
  const words = useWords()
  const navigate = useNavigate()
  const change = (next: { [K in keyof CallFilters]: CallFilters[K] | undefined }) =>
    void navigate({
      to: '/keys/$id',
      params: { id: keyId },
      replace: true,
      search: compact({ ...filters, ...next }),
    })
  return (
    <search className="flex flex-wrap gap-2 border-b border-line p-3">
      <FilterChoice
        label={words.keys.method}
        value={filters.method}
        options={METHODS.map((value) => ({ value, label: value }))}
        onChoose={(method) => change({ method })}
      />
      <FilterChoice
        label={words.keys.status}
        value={filters.status}
        options={STATUSES.map((value) => ({ value, label: value }))}
        onChoose={(status) => change({ status })}
      />
    </search>
  )
}

function Clear({ keyId }: { keyId: string }) {
  const words = useWords()
  const navigate = useNavigate()
  return (
    <Button onClick={() => void navigate({ to: '/keys/$id', params: { id: keyId }, search: {} })}>
      {words.states.clear}
    </Button>
  )
}
