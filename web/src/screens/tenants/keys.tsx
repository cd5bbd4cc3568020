import type { ApiKey, CreatedApiKey, Tenant } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useList } from '../../app/list.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { useFormats } from '../../design/format.ts'
import { type Column, Rows } from '../../design/rows.tsx'
import { Empty } from '../../design/states.tsx'
import { KeyForm } from '../keys/form.tsx'
import { May } from '../keys/grid.tsx'
import { KeyState } from '../keys/state.tsx'

/** The keys of a company, and its first one. */
export function TenantKeys({ tenant, onMade }: { tenant: Tenant; onMade: (key: CreatedApiKey) => void }) {
  const { tenants: words, keys } = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const formats = useFormats()
  const admin = useMay('admin')
  const owner = useMay('owner')
  const [adding, setAdding] = useState(false)
  const key = ['tenants', 'keys', tenant.id]
  const query = useList<ApiKey>(key, (page, signal) => payymo.tenants.listApiKeys(tenant.id, page, { signal }))
  const used = ({ last_used_at: at }: ApiKey) => (at === null ? words.never : formats.ago(at))
  const columns: Column<ApiKey>[] = [
    {
      key: 'name',
      title: keys.name,
      width: 'minmax(0, 1fr)',
      cell: ({ name }) => <p className="truncate font-medium">{name}</p>,
    },
    {
      key: 'prefix',
      title: keys.prefix,
      width: '12rem',
      cell: ({ prefix }) => <span className="font-mono text-sm text-soft">{prefix}…</span>,
    },
    {
      key: 'may',
      title: keys.permissions,
      width: 'minmax(0, 1fr)',
      cell: ({ permissions }) => (
        <p className="truncate text-soft">
          <May permissions={permissions} />
        </p>
      ),
    },
    { key: 'state', title: words.state, width: '8rem', cell: (row) => <KeyState apiKey={row} /> },
    {
      key: 'used',
      title: words.lastUsed,
      width: '9rem',
      end: true,
      cell: (row) => <span className="text-soft">{used(row)}</span>,
    },
  ]
  const add = admin && tenant.status === 'active' && (
    <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {words.firstKey}
    </Button>
  )
  return (
    <Card title={words.keys} action={add}>
      <p className="border-b border-line px-4 py-2 text-sm text-faint">{words.keysText}</p>
      <Rows
        label={words.keys}
        columns={columns}
        query={query}
        narrow={(row) => (
          <>
            <div className="flex items-center justify-between gap-3">
              <p className="truncate font-medium">{row.name}</p>
              <KeyState apiKey={row} />
            </div>
            <p className="truncate text-sm text-soft">
              {words.lastUsed}: {used(row)}
            </p>
          </>
        )}
        empty={<Empty title={words.keysEmpty} action={add} />}
      />
      <Dialog open={adding} onClose={() => setAdding(false)} side title={words.firstKey}>
        <KeyForm
          initial={owner ? ['*'] : []}
          create={(wanted) => payymo.tenants.createApiKey(tenant.id, wanted)}
          onKept={(made) => {
            setAdding(false)
            onMade(made)
            void client.invalidateQueries({ queryKey: key })
          }}
        />
      </Dialog>
    </Card>
  )
}
