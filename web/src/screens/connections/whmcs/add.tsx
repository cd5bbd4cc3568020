import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Radios } from '../../../design/radios.tsx'
import { ACCESS_FIELDS, AccessFields, givenAccess } from './access.tsx'
import { keepPairingCode } from './pairing.ts'

/** Connects an installation: by its module, or over its API. */
export function AddWhmcs({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} side title={words.whmcs.add}>
      <Form />
    </Dialog>
  )
}

function Form() {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const act = useAct(ACCESS_FIELDS)
  const [mode, setMode] = useState<'module' | 'api'>('module')
  const [access, setAccess] = useState({ system_url: 'https://', api_identifier: '', api_secret: '', access_key: '' })
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () => payymo.whmcsInstances.create({ mode, ...givenAccess(access, mode === 'api') }),
      ({ id, pairing_code: code }) => {
        keepPairingCode(client, id, code)
        void client.invalidateQueries({ queryKey: ['whmcs-instances'] })
        void navigate({ to: '/connections/$id', params: { id } })
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
      <AccessFields value={access} api={mode === 'api'} faults={act.faults} onChange={setAccess} />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.whmcs.create}
      </Button>
    </form>
  )
}
