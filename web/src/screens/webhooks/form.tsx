import type { Webhook, WebhookWithSecret } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { EventPicker } from './picker.tsx'

/** Address and events, of a new webhook or of one there is. What was typed stays until it is kept. */
export function WebhookForm({
  webhook,
  open,
  onClose,
  onKept,
}: {
  webhook?: Webhook
  open: boolean
  onClose: () => void
  onKept: (kept: Webhook | WebhookWithSecret) => void
}) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} side title={webhook ? words.webhooks.edit : words.webhooks.add}>
      <Form webhook={webhook} onKept={onKept} />
    </Dialog>
  )
}

function Form({
  webhook,
  onKept,
}: {
  webhook: Webhook | undefined
  onKept: (kept: Webhook | WebhookWithSecret) => void
}) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const act = useAct(['url', 'events'])
  const [url, setUrl] = useState(webhook?.url ?? 'https://')
  const [events, setEvents] = useState<string[]>(webhook?.events ?? ['*'])
  const [empty, setEmpty] = useState(false)
  function submit(event: FormEvent) {
    event.preventDefault()
    setEmpty(events.length === 0)
    if (events.length === 0) return
    const wanted = { url: url.trim(), events }
    void act.run<Webhook>(
      () => (webhook ? payymo.webhooks.update(webhook.id, wanted) : payymo.webhooks.create(wanted)),
      (kept) => {
        void client.invalidateQueries({ queryKey: ['webhooks'] })
        onKept(kept)
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={words.webhooks.url}
        hint={words.webhooks.urlHint}
        type="url"
        required
        autoFocus
        spellCheck={false}
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        fault={act.faults.url}
      />
      <EventPicker
        value={events}
        onChange={setEvents}
        fault={empty && events.length === 0 ? words.webhooks.chooseSome : act.faults.events}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {webhook ? words.app.save : words.webhooks.add}
      </Button>
    </form>
  )
}
