import type { WhmcsInstanceDetails } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { KeyRound, MoreHorizontal, Pencil, RefreshCw, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Confirm } from '../../../design/confirm.tsx'
import { CopyText } from '../../../design/copy.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Menu, MenuItem } from '../../../design/menu.tsx'
import { useSay } from '../../../design/toast.tsx'
import { ChangeAccess } from './change-access.tsx'
import { nameOf } from './state.tsx'

/** What can be done with an installation. */
export function WhmcsActions({ instance }: { instance: WhmcsInstanceDetails }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct()
  const [asking, setAsking] = useState<'change' | 'code' | 'disconnect'>()
  const [code, setCode] = useState<string>()
  if (!useMay('admin') || instance.status === 'disconnected') return null
  const { id, mode, module } = instance
  const stop = () => setAsking(undefined)
  const changed = () => void client.invalidateQueries({ queryKey: ['whmcs-instances'] })
  return (
    <>
      {(mode === 'api' || module?.paired_at != null) && (
        <Button
          weight="primary"
          busy={act.busy}
          icon={<RefreshCw aria-hidden className="size-4" />}
          onClick={() =>
            void act.run(
              () => payymo.whmcsInstances.sync(id),
              () => {
                changed()
                say(mode === 'api' ? words.whmcs.synced : words.whmcs.syncedModule)
              },
            )
          }
        >
          {words.whmcs.sync}
        </Button>
      )}
      <Menu
        trigger={
          <Button aria-label={words.connections.actions} className="px-2">
            <MoreHorizontal aria-hidden className="size-4" />
          </Button>
        }
      >
        <MenuItem icon={<Pencil aria-hidden className="size-4" />} onSelect={() => setAsking('change')}>
          {words.whmcs.change}
        </MenuItem>
        {mode === 'module' && module?.paired_at != null && (
          <MenuItem icon={<KeyRound aria-hidden className="size-4" />} onSelect={() => setAsking('code')}>
            {words.whmcs.newCode}
          </MenuItem>
        )}
        <MenuItem icon={<Unplug aria-hidden className="size-4" />} onSelect={() => setAsking('disconnect')}>
          {words.whmcs.disconnect}
        </MenuItem>
      </Menu>
      {act.fault !== undefined && (
        <div className="basis-full">
          <Fault text={act.fault} />
        </div>
      )}
      <ChangeAccess instance={instance} open={asking === 'change'} onClose={stop} />
      <Confirm
        open={asking === 'code'}
        onClose={stop}
        title={words.whmcs.newCode}
        label={words.whmcs.makeCode}
        work={async () => setCode((await payymo.whmcsInstances.pairingCode(id)).pairing_code)}
      >
        <p>{words.whmcs.newCodeText}</p>
      </Confirm>
      <Dialog open={code !== undefined} onClose={() => setCode(undefined)} title={words.whmcs.code}>
        <div className="flex flex-col gap-3">
          <p className="text-soft">{words.whmcs.pairText}</p>
          <CopyText text={code ?? ''} label={words.whmcs.code} />
        </div>
      </Dialog>
      <Confirm
        open={asking === 'disconnect'}
        onClose={stop}
        title={words.whmcs.disconnectTitle(nameOf(instance))}
        label={words.whmcs.disconnect}
        danger
        work={async () => {
          await payymo.whmcsInstances.delete(id)
          changed()
          say(words.whmcs.disconnected)
        }}
      >
        <p>{words.whmcs.disconnectText}</p>
      </Confirm>
    </>
  )
}
