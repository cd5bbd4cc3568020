import type { Alert } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { useAct } from '../../app/act.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { useSay } from '../../design/toast.tsx'
import { ToThing } from './to-thing.tsx'

const LOOKS = {
  critical: { Icon: CircleAlert, tone: 'bad', colour: 'text-bad' },
  warning: { Icon: TriangleAlert, tone: 'warn', colour: 'text-warn' },
  info: { Icon: Info, tone: 'info', colour: 'text-info' },
} as const

/** What a person must look at: how grave it is, what happened, the way to it, and that somebody has seen to it. */
export function AlertRow({ alert }: { alert: Alert }) {
  const { alerts: words, troubles } = useWords()
  const formats = useFormats()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const may = useMay('admin')
  const act = useAct()
  const title = troubles.codes[alert.code] ?? (alert.code.startsWith('whmcs_') ? troubles.whmcs : undefined)
  const { Icon, tone, colour } = LOOKS[alert.severity]
  const close = () =>
    void act.run(
      () => payymo.alerts.update(alert.id, { status: 'closed' }),
      () => {
        say(words.closedNow)
        void client.invalidateQueries({ queryKey: ['alerts'] })
      },
    )
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-4">
      <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${colour}`} />
      <div className="min-w-[min(100%,16rem)] flex-1">
        <p className="mb-1 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm text-faint">
          <Badge tone={tone}>{words.severities[alert.severity]}</Badge>
          <time dateTime={alert.opened_at} title={formats.moment(alert.opened_at)}>
            {words.opened(formats.ago(alert.opened_at))}
          </time>
          {alert.closed_at !== null && (
            <time dateTime={alert.closed_at} title={formats.moment(alert.closed_at)}>
              {words.closedAt(formats.ago(alert.closed_at))}
            </time>
          )}
        </p>
        {title !== undefined && <h2 className="font-semibold">{title}</h2>}
        <p className="max-w-[75ch] break-words">{alert.message}</p>
        <Fault text={act.fault} />
      </div>
      <div className="flex flex-wrap gap-2 max-sm:pl-9">
        <ToThing alert={alert} />
        {alert.closed_at === null && may && (
          <Button busy={act.busy} onClick={close}>
            {words.close}
          </Button>
        )}
      </div>
    </li>
  )
}
