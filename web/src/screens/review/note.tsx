import type { Transaction } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { useSay } from '../../design/toast.tsx'
import { faultOf } from './decisions.ts'

const NOTE_MAX = 1_000

/** A note on the payment; what was typed stays until it is kept. */
export function NoteDialog({ line, open, onClose }: { line: Transaction; open: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} title={words.review.note.title}>
      <NoteForm line={line} onClose={onClose} />
    </Dialog>
  )
}

function NoteForm({ line, onClose }: { line: Transaction; onClose: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const id = useId()
  const [text, setText] = useState(line.note ?? '')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  async function submit(event?: FormEvent) {
    event?.preventDefault()
    setBusy(true)
    try {
      const note = text.trim()
      client.setQueryData(
        ['transactions', 'one', line.id],
        await payymo.transactions.update(line.id, { note: note === '' ? null : note }),
      )
      say(words.review.note.saved)
      onClose()
    } catch (error) {
      setFault(faultOf(error, words.states.offlineText))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <label htmlFor={id} className="text-sm font-medium">
        {words.review.note.label}
      </label>
      <textarea
        id={id}
        rows={4}
        maxLength={NOTE_MAX}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          void submit()
        }}
        aria-describedby={`${id}-hint`}
        className="w-full rounded-lg border border-line-strong bg-surface px-3 py-2"
      />
      <p id={`${id}-hint`} className="text-sm text-faint">
        {words.review.note.hint}
      </p>
      {fault !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {fault}
        </p>
      )}
      <Button type="submit" weight="primary" busy={busy} className="self-end">
        {words.app.save}
      </Button>
    </form>
  )
}
