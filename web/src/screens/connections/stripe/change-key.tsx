import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Field } from '../../../design/field.tsx'
import { useSay } from '../../../design/toast.tsx'
import { allLacking, MakeKey } from './key-form.tsx'

/** Puts another restricted key in the place of the present one. */
export function ChangeKey({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} side title={words.stripe.changeKey}>
      <Form id={id} onDone={onClose} />
    </Dialog>
  )
}

function Form({ id, onDone }: { id: string; onDone: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct(['api_key'])
  const [key, setKey] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () => payymo.stripeConnections.update(id, { api_key: key.trim() }).catch(allLacking),
      () => {
        void client.invalidateQueries({ queryKey: ['stripe-connections'] })
        say(words.stripe.keyChanged)
        onDone()
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <p className="text-soft">{words.stripe.changeKeyText}</p>
      <MakeKey />
      <Field
        label={words.stripe.key}
        hint={words.stripe.keyFieldHint}
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        value={key}
        onChange={(event) => setKey(event.target.value)}
        fault={act.faults.api_key}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.app.save}
      </Button>
    </form>
  )
}
