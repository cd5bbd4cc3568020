import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'

/** Gives a connection another name. `field`: what the API calls it. */
export function RenameDialog({
  name,
  field,
  open,
  onClose,
  work,
}: {
  name: string
  field: string
  open: boolean
  onClose: () => void
  work: (name: string) => PromiseLike<unknown>
}) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} title={words.connections.rename}>
      <Form name={name} field={field} onDone={onClose} work={work} />
    </Dialog>
  )
}

function Form({
  name,
  field,
  onDone,
  work,
}: {
  name: string
  field: string
  onDone: () => void
  work: (name: string) => PromiseLike<unknown>
}) {
  const words = useWords()
  const act = useAct([field])
  const [text, setText] = useState(name)
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(() => work(text.trim()), onDone)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={words.connections.name}
        required
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
        fault={act.faults[field]}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.app.save}
      </Button>
    </form>
  )
}
