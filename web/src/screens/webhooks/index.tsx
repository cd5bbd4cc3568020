import type { Webhook } from '@payymo/sdk'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useList } from '../../app/list.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { Once } from '../../design/once.tsx'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { WebhookForm } from './form.tsx'
import { Wanted, WebhookState } from './state.tsx'

/** Who is told what happens. */
export function Webhooks() {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const navigate = useNavigate()
  const may = useMay('admin')
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string>()
  const query = useList<Webhook>(['webhooks'], (page, signal) => payymo.webhooks.list(page, { signal }))
  const columns: Column<Webhook>[] = [
    {
      key: 'url',
      title: words.webhooks.url,
      width: 'minmax(0, 1.6fr)',
      cell: (row) => <Address webhook={row} />,
    },
    {
      key: 'events',
      title: words.webhooks.events,
      width: 'minmax(0, 1fr)',
      cell: ({ events }) => (
        <p className="truncate text-soft">
          <Wanted events={events} />
        </p>
      ),
    },
    { key: 'state', title: words.webhooks.state, width: '8rem', cell: (row) => <WebhookState webhook={row} /> },
    {
      key: 'created',
      title: words.webhooks.created,
      width: '8rem',
      end: true,
      cell: ({ created_at }) => <span className="text-soft">{formats.day(created_at)}</span>,
    },
  ]
  const add = may && (
    <Button weight="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {words.webhooks.add}
    </Button>
  )
  return (
    <Page title={words.webhooks.title} actions={add}>
      {secret !== undefined && <Secret secret={secret} onDone={() => setSecret(undefined)} />}
      <Card>
        <Rows
          label={words.webhooks.title}
          columns={columns}
          query={query}
          onOpen={({ id }) => void navigate({ to: '/webhooks/$id', params: { id } })}
          narrow={(row) => (
            <>
              <div className="flex items-center justify-between gap-3">
                <Address webhook={row} />
                <WebhookState webhook={row} />
              </div>
              <p className="truncate text-sm text-soft">
                <Wanted events={row.events} />
              </p>
            </>
          )}
          empty={
            <Empty title={words.states.none} action={add}>
              {words.webhooks.emptyText}
            </Empty>
          }
        />
      </Card>
      <WebhookForm
        open={adding}
        onClose={() => setAdding(false)}
        onKept={(kept) => {
          setAdding(false)
          if ('secret' in kept) setSecret(kept.secret)
        }}
      />
    </Page>
  )
}

const Address = ({ webhook: { id, url } }: { webhook: Webhook }) => (
  <Link to="/webhooks/$id" params={{ id }} className="block truncate font-medium" title={url}>
    {url.replace(/^https:\/\//, '')}
  </Link>
)

export function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { webhooks } = useWords()
  return (
    <Once
      title={webhooks.secretTitle}
      text={webhooks.secretText}
      secrets={[{ label: webhooks.secretLabel, value: secret }]}
      done={webhooks.secretDone}
      onDone={onDone}
    />
  )
}
