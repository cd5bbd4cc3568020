import type { Tenant } from '@payymo/sdk'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'

/** Deletes a company once its short name is typed: what cannot be undone is not done by one press. */
export function RemoveTenant({
  tenant,
  open,
  onClose,
  onRemoved,
}: {
  tenant: Tenant
  open: boolean
  onClose: () => void
  onRemoved: () => void
}) {
  const { tenants: words } = useWords()
  return (
    <Dialog open={open} onClose={onClose} title={words.removeTitle(tenant.name)}>
      <Form
        tenant={tenant}
        onClose={onClose}
        onRemoved={() => {
          onClose()
          onRemoved()
        }}
      />
    </Dialog>
  )
}

function Form({ tenant, onClose, onRemoved }: { tenant: Tenant; onClose: () => void; onRemoved: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const act = useAct()
  const [typed, setTyped] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    if (typed.trim() === tenant.slug) void act.run(() => payymo.tenants.delete(tenant.id), onRemoved)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-soft">{words.tenants.removeText}</p>
      <Field
        label={words.tenants.removeType(tenant.slug)}
        autoFocus
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Fault text={act.fault} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{words.app.cancel}</Button>
        <Button type="submit" weight="danger" busy={act.busy} disabled={typed.trim() !== tenant.slug}>
          {words.tenants.remove}
        </Button>
      </div>
    </form>
  )
}
