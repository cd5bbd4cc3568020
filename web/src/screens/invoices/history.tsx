import type { Invoice } from '@payymo/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { BadgeCheck, FileInput, type LucideIcon, Pencil } from 'lucide-react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { type Moment, Timeline } from '../../design/timeline.tsx'

const LOOKS: Record<string, [LucideIcon, NonNullable<Moment['tone']>]> = {
  'invoice.created': [FileInput, 'neutral'],
  'invoice.updated': [Pencil, 'neutral'],
  'invoice.paid': [BadgeCheck, 'good'],
}

/** What happened to the invoice as Payymo saw it, newest first, with its state after each. */
export function InvoiceHistory({ id }: { id: string }) {
  const words = useWords()
  const texts = words.invoices
  const payymo = useApi()
  const formats = useFormats()
  const query = useInfiniteQuery({
    queryKey: ['invoices', 'history', id],
    queryFn: ({ pageParam, signal }) =>
      payymo.events.list(
        { resource_id: id, per_page: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
  })
  const changesOf = useChanges()
  const entries = query.data?.pages.flatMap(({ data }) => data) ?? []
  const moments = entries.map((event, at): Moment => {
    const [icon, tone] = LOOKS[event.event_type] ?? [Pencil, 'neutral' as const]
    const before: Partial<Invoice> | undefined = entries[at + 1]?.data
    const changes = changesOf(before, event.data)
    return {
      id: event.id,
      icon,
      tone,
      text: texts.happened[event.event_type] ?? event.event_type,
      about: formats.moment(event.timestamp),
      more: changes.length > 0 && (
        <ul className="mt-0.5 text-sm text-soft">
          {changes.map(([name, was, is]) => (
            <li key={name}>{was === undefined ? `${name}: ${is}` : `${name}: ${was} → ${is}`}</li>
          ))}
        </ul>
      ),
    }
  })
  return (
    <Card title={words.transactions.history}>
      {query.isPending && <Waiting rows={3} label={words.states.loading} />}
      {query.isError && entries.length === 0 && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && entries.length === 0 && <p className="px-4 py-4 text-soft">{texts.noHistory}</p>}
      {moments.length > 0 && <Timeline moments={moments} />}
      {query.hasNextPage && (
        <div className="border-t border-line p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {words.transactions.earlier}
          </Button>
        </div>
      )}
    </Card>
  )
}

/** What differs between two states of an invoice, as names and values. Of the first state its status and what is open. */
function useChanges() {
  const words = useWords()
  const texts = words.invoices
  const formats = useFormats()
  return (
    before: Partial<Invoice> | undefined,
    after: Partial<Invoice>,
  ): (readonly [string, string | undefined, string])[] => {
    const money = (invoice: Partial<Invoice>, amount: string | undefined) =>
      amount === undefined || invoice.currency === undefined ? '–' : formats.amount(amount, invoice.currency)
    const day = (text: string | null | undefined) => (text == null ? '–' : formats.day(text))
    const shown: (readonly [string, (invoice: Partial<Invoice>) => string])[] = [
      [texts.state, ({ status }) => (status === undefined ? '–' : words.review.status[status])],
      [texts.open, (invoice) => money(invoice, invoice.balance)],
      [texts.total, (invoice) => money(invoice, invoice.total)],
      [texts.number, ({ number }) => number || '–'],
      [texts.due, ({ due_on }) => day(due_on)],
      [texts.closed, ({ closed_on }) => day(closed_on)],
      [texts.client, ({ client }) => client?.company || client?.name || '–'],
    ]
    const told = before === undefined ? shown.slice(0, 2) : shown
    return told.flatMap(([name, show]) => {
      const [was, is] = [before && show(before), show(after)]
      return was === is ? [] : [[name, was, is] as const]
    })
  }
}
