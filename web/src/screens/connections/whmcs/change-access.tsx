import type { WhmcsInstance } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Radios } from '../../../design/radios.tsx'
import { useSay } from '../../../design/toast.tsx'
import { ACCESS_FIELDS, AccessFields, givenAccess } from './access.tsx'

/** Another address, another credential, or the other way. */
export function ChangeAccess({
  instance,
  open,
  onClose,
}: {
  instance: WhmcsInstance
  open: boolean
  onClose: () => void
}) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} side title={words.whmcs.change}>
      <Form instance={instance} onDone={onClose} />
    </Dialog>
  )
}

function Form({ instance, onDone }: { instance: WhmcsInstance; onDone: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct(ACCESS_FIELDS)
  const [mode, setMode] = useState(instance.mode)
  const [access, setAccess] = useState({
    system_url: instance.system_url,
    api_identifier: instance.api_identifier ?? '',
    api_secret: '',
    access_key: '',
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () => payymo.whmcsInstances.update(instance.id, { mode, ...givenAccess(access, mode === 'api') }),
      () => {
        void client.invalidateQueries({ queryKey: ['whmcs-instances'] })
        say(words.app.saved)
        onDone()
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Radios
        label={words.whmcs.way}
        value={mode}
        onChange={setMode}
        options={[
          { value: 'module', label: words.whmcs.modes.module, hint: words.whmcs.moduleHint },
          { value: 'api', label: words.whmcs.modes.api, hint: words.whmcs.apiHint },
        ]}
      />
      <AccessFields
        value={access}
        api={mode === 'api'}
        kept={instance.api_identifier !== null}
        faults={act.faults}
        onChange={setAccess}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.app.save}
      </Button>
    </form>
  )
}
