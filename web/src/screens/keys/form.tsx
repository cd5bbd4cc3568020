import type { CreateApiKeyRequest, CreatedApiKey } from '@payymo/sdk'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { EndChoice, NO_END, timeOf } from './end.tsx'
import { PermissionGrid } from './grid.tsx'
import type { Permission } from './permissions.ts'

/** A new key: what it is for, what it may, when it ends. `create` asks the API; what was typed stays until that went well. */
export function KeyForm({
  create,
  onKept,
  initial = [],
}: {
  create: (wanted: CreateApiKeyRequest) => PromiseLike<CreatedApiKey>
  onKept: (key: CreatedApiKey) => void
  initial?: readonly Permission[]
}) {
  const words = useWords()
  const act = useAct(['name', 'permissions', 'expires_at'])
  const [name, setName] = useState('')
  const [permissions, setPermissions] = useState<readonly Permission[]>(initial)
  const [end, setEnd] = useState(NO_END)
  const [tried, setTried] = useState(false)
  const empty = tried && permissions.length === 0
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (permissions.length === 0) return
    const expiresAt = timeOf(end, Date.now())
    void act.run(
      () =>
        create({
          name: name.trim(),
          permissions: [...permissions],
          ...(expiresAt === null ? {} : { expires_at: expiresAt }),
        }),
      onKept,
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={words.keys.name}
        hint={words.keys.nameHint}
        required
        autoFocus
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
        fault={act.faults.name}
      />
      <EndChoice value={end} onChange={setEnd} fault={act.faults.expires_at} />
      <PermissionGrid
        value={permissions}
        onChange={setPermissions}
        fault={empty ? words.keys.chooseSome : act.faults.permissions}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.keys.create}
      </Button>
    </form>
  )
}
