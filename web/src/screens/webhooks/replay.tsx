import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Check } from '../../design/check.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { useSay } from '../../design/toast.tsx'

const HOUR_MS = 3_600_000
const SPANS_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS }
type Range = keyof typeof SPANS_MS | 'own'

/** Sends past events again: first counted, then sent, over exactly the time that was counted. */
export function ReplayDialog({ webhookId, open, onClose }: { webhookId: string; open: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} title={words.webhooks.replayTitle}>
      <Form webhookId={webhookId} onClose={onClose} />
    </Dialog>
  )
}

interface Counted {
  events: number
  wanted: { from: string; to: string; only_failed: boolean }
}

function Form({ webhookId, onClose }: { webhookId: string; onClose: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const formats = useFormats()
  const say = useSay()
  const act = useAct(['from', 'to'])
  const [range, setRange] = useState<Range>('day')
  const [own, setOwn] = useState({ from: '', to: '' })
  const [onlyFailed, setOnlyFailed] = useState(true)
  const [counted, setCounted] = useState<Counted>()
  const choose = (change: () => void) => {
    setCounted(undefined)
    change()
  }
  const numbers = (events: number) => [formats.count(events), events === 1] as const
  function submit(event: FormEvent) {
    event.preventDefault()
    if (counted && counted.events > 0) {
      void act.run(
        () => payymo.webhooks.replay(webhookId, counted.wanted),
        ({ events }) => {
          void client.invalidateQueries({ queryKey: ['webhooks'] })
          say(words.webhooks.sent(...numbers(events)))
          onClose()
        },
      )
      return
    }
    const wanted = { ...timesOf(range, own, Date.now()), only_failed: onlyFailed }
    void act.run(
      () => payymo.webhooks.replay(webhookId, { ...wanted, dry_run: true }),
      ({ events }) => setCounted({ events, wanted }),
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-soft">{words.webhooks.replayText}</p>
      <Choice
        label={words.webhooks.range}
        value={range}
        onChange={(event) => choose(() => setRange(event.target.value as Range))}
      >
        {([...Object.keys(SPANS_MS), 'own'] as Range[]).map((each) => (
          <option key={each} value={each}>
            {words.webhooks.ranges[each]}
          </option>
        ))}
      </Choice>
      {range === 'own' && (
        <div className="grid gap-4 sm:grid-cols-2">
          {(['from', 'to'] as const).map((end) => (
            <Field
              key={end}
              label={words.webhooks[end]}
              type="datetime-local"
              required
              value={own[end]}
              onChange={(event) => choose(() => setOwn({ ...own, [end]: event.target.value }))}
              fault={act.faults[end]}
            />
          ))}
        </div>
      )}
      <Check
        label={words.webhooks.onlyFailed}
        checked={onlyFailed}
        onChange={(wanted) => choose(() => setOnlyFailed(wanted))}
      />
      <Fault text={act.fault ?? (range === 'own' ? undefined : act.faults.from)} />
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p role="status" className="mr-auto font-medium">
          {counted &&
            (counted.events === 0 ? words.webhooks.countedNone : words.webhooks.counted(...numbers(counted.events)))}
        </p>
        <Button type="submit" weight="primary" busy={act.busy}>
          {counted && counted.events > 0 ? words.webhooks.send(...numbers(counted.events)) : words.webhooks.count}
        </Button>
      </div>
    </form>
  )
}

/** The time as the API takes it. What people type is in their own zone. */
function timesOf(range: Range, own: { from: string; to: string }, nowMs: number): { from: string; to: string } {
  if (range === 'own') return { from: iso(Date.parse(own.from)), to: iso(Date.parse(own.to)) }
  return { from: iso(nowMs - SPANS_MS[range]), to: iso(nowMs) }
}

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
