import type { ApiKey, CreatedApiKey } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useList } from '../../app/list.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { KeyForm } from './form.tsx'
import { May } from './grid.tsx'
import { KeyOnce, KeyState } from './state.tsx'

/** The keys programs call the API with. */
export function Keys() {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const formats = useFormats()
  const navigate = useNavigate()
  const may = useMay('admin')
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<CreatedApiKey>()
  const query = useList<ApiKey>(['api-keys'], (page, signal) => payymo.apiKeys.list(page, { signal }))
  const used = ({ last_used_at: at }: ApiKey) => (at === null ? words.keys.never : formats.ago(at))
  const columns: Column<ApiKey>[] = [
    { key: 'name', title: words.keys.name, width: 'minmax(0, 1.2fr)', cell: (row) => <Name apiKey={row} /> },
    {
      key: 'prefix',
      title: words.keys.prefix,
      width: '11rem',
      cell: ({ prefix }) => <span className="font-mono text-sm text-soft">{prefix}…</span>,
    },
    {
      key: 'permissions',
      title: words.keys.permissions,
      width: 'minmax(0, 1fr)',
      cell: ({ permissions }) => (
        <p className="truncate text-soft">
          <May permissions={permissions} />
        </p>
      ),
    },
    { key: 'state', title: words.webhooks.state, width: '8rem', cell: (row) => <KeyState apiKey={row} /> },
    {
      key: 'end',
      title: words.keys.expires,
      width: '7rem',
      cell: ({ expires_at: at }) => (
        <span className="text-soft">{at === null ? words.keys.never : formats.day(at)}</span>
      ),
    },
    {
      key: 'used',
      title: words.keys.lastUsed,
      width: '9rem',
      end: true,
      cell: (row) => <span className="text-soft">{used(row)}</span>,
    },
  ]
  const add = may && (
    <Button weight="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {words.keys.add}
    </Button>
  )
  return (
    <Page title={words.keys.title} actions={add}>
      {made && <KeyOnce made={made} onDone={() => setMade(undefined)} />}
      <Card>
        <Rows
          label={words.keys.title}
          columns={columns}
          query={query}
          onOpen={({ id }) => void navigate({ to: '/keys/$id', params: { id } })}
          narrow={(row) => (
            <>
              <div className="flex items-center justify-between gap-3">
                <Name apiKey={row} />
                <KeyState apiKey={row} />
              </div>
              <p className="truncate text-sm text-soft">
                {words.keys.lastUsed}: {used(row)} · <span className="font-mono">{row.prefix}…</span>
              </p>
            </>
          )}
          empty={
            <Empty title={words.states.none} action={add}>
              {words.keys.emptyText}
            </Empty>
          }
        />
      </Card>
      <Dialog open={adding} onClose={() => setAdding(false)} side title={words.keys.add}>
        <KeyForm
          create={(wanted) => payymo.apiKeys.create(wanted)}
          onKept={(key) => {
            setAdding(false)
            setMade(key)
            void client.invalidateQueries({ queryKey: ['api-keys'] })
          }}
        />
      </Dialog>
    </Page>
  )
}

const Name = ({ apiKey: { id, name } }: { apiKey: ApiKey }) => (
  <Link to="/keys/$id" params={{ id }} className="block truncate font-medium">
    {name}
  </Link>
)
