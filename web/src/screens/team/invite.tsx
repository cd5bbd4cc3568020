import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { useSay } from '../../design/toast.tsx'
import type { Role } from './filters.ts'
import { RoleChoice } from './role.tsx'

export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} title={words.team.invite}>
      <Form onClose={onClose} />
    </Dialog>
  )
}

function Form({ onClose }: { onClose: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct(['email', 'name'])
  const [given, setGiven] = useState<{ email: string; name: string; role: Role }>({
    email: '',
    name: '',
    role: 'reviewer',
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    const name = given.name.trim()
    void act.run(
      () => payymo.users.create({ email: given.email.trim(), role: given.role, ...(name === '' ? {} : { name }) }),
      ({ email }) => {
        void client.invalidateQueries({ queryKey: ['users'] })
        say(words.team.invited(email))
        onClose()
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={words.team.email}
        hint={words.team.emailHint}
        type="email"
        required
        autoFocus
        value={given.email}
        onChange={(event) => setGiven({ ...given, email: event.target.value })}
        fault={act.faults.email}
      />
      <Field
        label={words.team.name}
        hint={words.team.nameHint}
        maxLength={100}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
        fault={act.faults.name}
      />
      <RoleChoice value={given.role} onChange={(role) => setGiven({ ...given, role })} />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.team.send}
      </Button>
    </form>
  )
}
