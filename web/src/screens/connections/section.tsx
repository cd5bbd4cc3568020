import { PayymoError } from '@payymo/sdk'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { useList } from '../../app/list.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Failed, Waiting } from '../../design/states.tsx'

type Query<T extends { id: string }> = ReturnType<typeof useList<T>>

/** The connections of one kind; those that ended are put away under the others. */
export function Section<T extends { id: string }>({
  title,
  icon,
  action,
  query,
  isEnded,
  row,
  empty,
}: {
  title: string
  icon: ReactNode
  action: ReactNode
  query: Query<T>
  isEnded: (row: T) => boolean
  row: (row: T) => ReactNode
  empty: ReactNode
}) {
  const words = useWords()
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? []
  const living = rows.filter((each) => !isEnded(each))
  const ended = rows.filter(isEnded)
  return (
    <Card
      title={
        <span className="flex items-center gap-2.5">
          <span className="text-faint">{icon}</span>
          {title}
        </span>
      }
      action={<div className="flex flex-wrap justify-end gap-2">{action}</div>}
    >
      {query.isPending && <Waiting rows={1} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.isSuccess && living.length === 0 && empty}
      {living.length > 0 && <ul className="divide-y divide-line">{living.map(row)}</ul>}
      {ended.length > 0 && (
        <details className="group border-t border-line">
          <summary className="flex min-h-10 cursor-pointer items-center gap-1.5 px-4 text-sm text-soft">
            <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
            {words.connections.ended(ended.length)}
          </summary>
          <ul className="divide-y divide-line border-t border-line">{ended.map(row)}</ul>
        </details>
      )}
      {query.hasNextPage && (
        <div className="border-t border-line p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {words.connections.more}
          </Button>
        </div>
      )}
    </Card>
  )
}

/** One connection in the list: what it is, how it stands, and what a person must do. */
export const ConnectionRow = ({
  id,
  name,
  about,
  state,
  end,
  fault,
}: {
  id: string
  name: string
  about: ReactNode
  state: ReactNode
  end?: ReactNode
  fault?: string | undefined
}) => (
  <li>
    <Link
      to="/connections/$id"
      params={{ id }}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken md:grid-cols-[minmax(0,1fr)_11rem_9rem_1rem]"
    >
      <span className="min-w-0">
        <span className="block truncate font-medium">{name}</span>
        <span className="block truncate text-sm text-soft">{about}</span>
      </span>
      <span className="justify-self-end md:justify-self-start">{state}</span>
      <span className="truncate text-right text-sm text-faint max-md:hidden">{end}</span>
      <ChevronRight aria-hidden className="size-4 text-faint max-md:hidden" />
      {fault !== undefined && <span className="col-span-full text-sm text-bad">{fault}</span>}
    </Link>
  </li>
)

/** Nothing of a kind yet, in a few lines: several of these stand on one page. */
export const NoneYet = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="px-4 py-6">
    <p className="font-medium">{title}</p>
    <p className="max-w-[64ch] text-soft">{children}</p>
  </div>
)

/** Of an id that is none of ours the API says so; an address with another shape is treated alike. */
export const unknownConnection = (): PayymoError =>
  new PayymoError('resource_not_found', 'The resource was not found', { status: 404 })
