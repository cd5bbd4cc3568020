import type { StripeConnection } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { KeyRound, Link2, MoreHorizontal, Pencil, RefreshCw, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Menu, MenuItem } from '../../../design/menu.tsx'
import { useSay } from '../../../design/toast.tsx'
import { RenameDialog } from '../rename.tsx'
import { ChangeKey } from './change-key.tsx'

/** What can be done with a Stripe account. `onSync` is told when a read was asked for, `reading` says that one is under way. */
export function StripeActions({
  connection,
  reading,
  onSync,
  onDisconnect,
}: {
  connection: StripeConnection
  reading: boolean
  onSync: () => void
  onDisconnect: () => void
}) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  const act = useAct()
  const [asking, setAsking] = useState<'rename' | 'key'>()
  if (!useMay('admin')) return null
  const { id, kind, status, account_id: account } = connection
  const stop = () => setAsking(undefined)
  const changed = () => void client.invalidateQueries({ queryKey: ['stripe-connections'] })
  const again = (
    <Button
      icon={<Link2 aria-hidden className="size-4" />}
      onClick={() => void navigate({ to: '/connections', search: { add: 'stripe' } })}
    >
      {words.stripe.add}
    </Button>
  )
  if (status === 'disconnected' || (account === null && status === 'error')) return again
  return (
    <>
      {kind === 'connect_oauth' && status === 'error' && again}
      {account !== null && (
        <Button
          weight="primary"
          busy={act.busy || reading}
          icon={<RefreshCw aria-hidden className="size-4" />}
          onClick={() => void act.run(() => payymo.stripeConnections.sync(id), onSync)}
        >
          {words.stripe.sync}
        </Button>
      )}
      <Menu
        trigger={
          <Button aria-label={words.connections.actions} className="px-2">
            <MoreHorizontal aria-hidden className="size-4" />
          </Button>
        }
      >
        {kind === 'restricted_key' && (
          <>
            <MenuItem icon={<Pencil aria-hidden className="size-4" />} onSelect={() => setAsking('rename')}>
              {words.connections.rename}
            </MenuItem>
            <MenuItem icon={<KeyRound aria-hidden className="size-4" />} onSelect={() => setAsking('key')}>
              {words.stripe.changeKey}
            </MenuItem>
          </>
        )}
        <MenuItem icon={<Unplug aria-hidden className="size-4" />} onSelect={onDisconnect}>
          {words.stripe.disconnect}
        </MenuItem>
      </Menu>
      {act.fault !== undefined && (
        <div className="basis-full">
          <Fault text={act.fault} />
        </div>
      )}
      <RenameDialog
        name={connection.account_name ?? ''}
        field="account_name"
        open={asking === 'rename'}
        onClose={stop}
        work={async (name) => {
          await payymo.stripeConnections.update(id, { account_name: name })
          changed()
          say(words.connections.renamed)
        }}
      />
      <ChangeKey id={id} open={asking === 'key'} onClose={stop} />
    </>
  )
}
