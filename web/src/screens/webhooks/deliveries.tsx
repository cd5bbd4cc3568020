import type { Delivery, ListDeliveriesQuery } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useList } from '../../app/list.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { compact } from '../../design/address.ts'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { FilterChoice } from '../../design/filters.tsx'
import { useFormats } from '../../design/format.ts'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { DELIVERY_STATES, type DeliveryFilters } from './filters.ts'
import { eventTypesQuery } from './queries.ts'
import { DeliveryState } from './state.tsx'

/** What was sent to a webhook, newest first. */
export function Deliveries({ webhookId, onOpen }: { webhookId: string; onOpen: (id: string) => void }) {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const { status, event_type } = useSearch({ from: '/inside/webhooks/$id' })
  const filters = { ...(status ? { status } : {}), ...(event_type === undefined ? {} : { event_type }) }
  const query = useList<Delivery>(
    ['webhooks', 'deliveries', webhookId, filters],
    // An event of the address that the API does not know is refused by it, in its own words.
    (page, signal) =>
      payymo.webhooks.listDeliveries(webhookId, { ...page, ...(filters as ListDeliveriesQuery) }, { signal }),
    { waits: (row) => row.status === 'pending', everyMs: 5_000 },
  )
  const open = (row: Delivery) => (
    <button
      type="button"
      className="block max-w-full truncate text-left font-mono text-sm"
      onClick={(event) => {
        event.stopPropagation()
        onOpen(row.id)
      }}
    >
      {row.event_type}
    </button>
  )
  const columns: Column<Delivery>[] = [
    { key: 'state', title: words.webhooks.state, width: '7rem', cell: (row) => <DeliveryState status={row.status} /> },
    { key: 'event', title: words.webhooks.event, width: 'minmax(0, 1fr)', cell: open },
    {
      key: 'answer',
      title: words.webhooks.answer,
      width: 'minmax(0, 1fr)',
      cell: (row) => (
        <p className="truncate text-soft">
          <LastAnswer row={row} />
        </p>
      ),
    },
    {
      key: 'tries',
      title: words.webhooks.tries,
      width: '4.5rem',
      end: true,
      cell: ({ attempts }) => <span className="tabular text-soft">{formats.count(attempts.length)}</span>,
    },
    {
      key: 'at',
      title: words.webhooks.at,
      width: '11rem',
      end: true,
      cell: ({ created_at }) => <span className="tabular text-soft">{formats.moment(created_at)}</span>,
    },
  ]
  return (
    <Card title={words.webhooks.deliveries}>
      <Filters filters={filters} webhookId={webhookId} />
      <Rows
        label={words.webhooks.deliveries}
        columns={columns}
        query={query}
        onOpen={({ id }) => onOpen(id)}
        narrow={(row) => (
          <>
            <div className="flex items-center justify-between gap-3">
              {open(row)}
              <DeliveryState status={row.status} />
            </div>
            <p className="truncate text-sm text-soft">
              {formats.moment(row.created_at)} · <LastAnswer row={row} />
            </p>
          </>
        )}
        empty={
          Object.keys(filters).length > 0 ? (
            <Empty title={words.states.noneFound} action={<Clear webhookId={webhookId} />} />
          ) : (
            <Empty title={words.states.none}>{words.webhooks.deliveriesEmpty}</Empty>
          )
        }
      />
    </Card>
  )
}

function LastAnswer({ row: { attempts } }: { row: Delivery }) {
  const words = useWords()
  const last = attempts.at(-1)
  if (!last) return words.webhooks.noAttempt
  return [
    last.status_code ?? last.error ?? words.webhooks.noAnswer,
    last.duration_ms !== null && `${last.duration_ms} ms`,
  ]
    .filter((part) => part !== false)
    .join(' · ')
}

function Filters({ filters, webhookId }: { filters: DeliveryFilters; webhookId: string }) {
  const words = useWords()
  const navigate = useNavigate()
  const types = useQuery(eventTypesQuery(useApi()))
  const change = (next: { [K in keyof DeliveryFilters]: DeliveryFilters[K] | undefined }) =>
    void navigate({
      to: '/webhooks/$id',
      params: { id: webhookId },
      replace: true,
      search: compact({ ...filters, ...next }),
    })
  return (
    <search className="flex flex-wrap gap-2 border-b border-line p-3">
      <FilterChoice
        label={words.webhooks.state}
        value={filters.status}
        options={DELIVERY_STATES.map((value) => ({ value, label: words.webhooks.deliveryStates[value] }))}
        onChoose={(status) => change({ status })}
      />
      <FilterChoice
        label={words.webhooks.event}
        value={filters.event_type}
        options={(types.data?.data ?? []).map(({ event_type }) => ({ value: event_type as string, label: event_type }))}
        onChoose={(event_type) => change({ event_type })}
      />
    </search>
  )
}

function Clear({ webhookId }: { webhookId: string }) {
  const words = useWords()
  const navigate = useNavigate()
  return (
    <Button onClick={() => void navigate({ to: '/webhooks/$id', params: { id: webhookId }, search: {} })}>
      {words.states.clear}
    </Button>
  )
}
