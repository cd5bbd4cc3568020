import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { Bank } from './bank/one.tsx'
import { unknownConnection } from './section.tsx'
import { Stripe } from './stripe/one.tsx'
import { Whmcs } from './whmcs/one.tsx'

/** One connection; its id says of what kind. */
export function Connection() {
  const { id } = useParams({ from: '/inside/connections/$id' })
  if (id.startsWith('bank_')) return <Bank key={id} id={id} />
  if (id.startsWith('whm_')) return <Whmcs key={id} id={id} />
  if (id.startsWith('strc_')) return <Stripe key={id} id={id} />
  return (
    <ConnectionPage title={undefined}>
      <Card>
        <Failed error={unknownConnection()} />
      </Card>
    </ConnectionPage>
  )
}

/** The frame of one connection, with the way back to all of them. */
export function ConnectionPage({
  title,
  actions,
  children,
}: {
  title: string | undefined
  actions?: ReactNode
  children: ReactNode
}) {
  const words = useWords()
  return (
    <Page
      title={title ?? words.connections.title}
      back={
        <Link to="/connections" className="inline-flex min-h-6 items-center gap-1.5 text-soft hover:text-text">
          <ArrowLeft aria-hidden className="size-4" />
          {words.connections.title}
        </Link>
      }
      actions={actions}
    >
      <div className="flex flex-col gap-4">{children}</div>
    </Page>
  )
}

/** The page of a connection that is not there yet, or could not be read. */
export function NotYet({ query }: { query: { isError: boolean; error: unknown; refetch: () => unknown } }) {
  const words = useWords()
  return (
    <ConnectionPage title={undefined}>
      <Card>
        {query.isError ? (
          <Failed error={query.error} again={() => void query.refetch()} />
        ) : (
          <Waiting rows={5} label={words.states.loading} />
        )}
      </Card>
    </ConnectionPage>
  )
}
