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
  const entries = query.data?.pages.flatMap(({ data }) => data) ?? []
  const moments = entries.map((event): Moment => {
    const [icon, tone] = LOOKS[event.event_type] ?? [Pencil, 'neutral' as const]
    const after = event.data as Partial<Invoice>
    const state =
      after.status === undefined || after.balance === undefined || after.currency === undefined
        ? ''
        : texts.stateThen(words.review.status[after.status], formats.amount(after.balance, after.currency))
    return {
      id: event.id,
      icon,
      tone,
      text: `${texts.happened[event.event_type] ?? event.event_type}${state === '' ? '' : `: ${state}`}`,
      about: formats.moment(event.timestamp),
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
