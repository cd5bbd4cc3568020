import type { BankConnection } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link2, MoreHorizontal, Pause, Pencil, Play, RefreshCw, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Confirm } from '../../../design/confirm.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Menu, MenuItem } from '../../../design/menu.tsx'
import { useSay } from '../../../design/toast.tsx'
import { isUnderWay, syncsQuery } from '../queries.ts'
import { RenameDialog } from '../rename.tsx'
import { isFile } from './state.tsx'

const READABLE = ['active', 'expiring', 'error']

/** What can be done with a bank as it stands. */
export function BankActions({ bank, onReconnect }: { bank: BankConnection; onReconnect: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct()
  const [asking, setAsking] = useState<'rename' | 'revoke'>()
  const file = isFile(bank)
  const syncs = useQuery({ ...syncsQuery(payymo, bank.id), enabled: !file })
  if (!useMay('admin') || bank.status === 'revoked') return null
  const changed = () => void client.invalidateQueries({ queryKey: ['bank-connections'] })
  // What was never connected has nothing to read.
  const readable = !file && READABLE.includes(bank.status) && bank.accounts.length > 0
  const setReading = (sync_enabled: boolean) =>
    void act.run(
      () => payymo.bankConnections.update(bank.id, { sync_enabled }),
      () => {
        changed()
        say(sync_enabled ? words.banks.turnedOn : words.banks.turnedOff)
      },
    )
  return (
    <>
      {readable && (
        <Button
          weight={bank.status === 'error' ? 'plain' : 'primary'}
          busy={act.busy || isUnderWay(syncs.data?.data[0])}
          icon={<RefreshCw aria-hidden className="size-4" />}
          onClick={() => void act.run(() => payymo.bankConnections.sync(bank.id), changed)}
        >
          {words.banks.syncNow}
        </Button>
      )}
      <Menu
        trigger={
          <Button aria-label={words.connections.actions} className="px-2">
            <MoreHorizontal aria-hidden className="size-4" />
          </Button>
        }
      >
        {!file && (
          <MenuItem icon={<Link2 aria-hidden className="size-4" />} onSelect={onReconnect}>
            {words.banks.reconnect}
          </MenuItem>
        )}
        <MenuItem icon={<Pencil aria-hidden className="size-4" />} onSelect={() => setAsking('rename')}>
          {words.connections.rename}
        </MenuItem>
        {!file &&
          (bank.sync_enabled ? (
            <MenuItem icon={<Pause aria-hidden className="size-4" />} onSelect={() => setReading(false)}>
              {words.banks.turnOff}
            </MenuItem>
          ) : (
            <MenuItem icon={<Play aria-hidden className="size-4" />} onSelect={() => setReading(true)}>
              {words.banks.turnOn}
            </MenuItem>
          ))}
        <MenuItem icon={<Unplug aria-hidden className="size-4" />} onSelect={() => setAsking('revoke')}>
          {words.banks.revoke}
        </MenuItem>
      </Menu>
      {act.fault !== undefined && (
        <div className="basis-full">
          <Fault text={act.fault} />
        </div>
      )}
      <RenameDialog
        name={bank.name}
        field="name"
        open={asking === 'rename'}
        onClose={() => setAsking(undefined)}
        work={async (name) => {
          await payymo.bankConnections.update(bank.id, { name })
          changed()
          say(words.connections.renamed)
        }}
      />
      <Confirm
        open={asking === 'revoke'}
        onClose={() => setAsking(undefined)}
        title={words.banks.revokeTitle(bank.name)}
        label={words.banks.revoke}
        danger
        work={async () => {
          await payymo.bankConnections.delete(bank.id)
          changed()
          say(words.banks.revoked)
        }}
      >
        <p>{file ? words.banks.revokeFileText : words.banks.revokeText}</p>
      </Confirm>
    </>
  )
}
