import type { DeliveryWithRequest } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useAct } from '../../app/act.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Code, prettyJson } from '../../design/code.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Facts } from '../../design/facts.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { Failed, Waiting } from '../../design/states.tsx'
import { deliveryQuery } from './queries.ts'
import { DeliveryState } from './state.tsx'

/** One delivery beside the list: every try with its answer, and what was sent. */
export function DeliveryPanel({
  webhookId,
  deliveryId,
  active,
  onClose,
}: {
  webhookId: string
  deliveryId: string | undefined
  active: boolean
  onClose: () => void
}) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const may = useMay('admin')
  const act = useAct()
  const query = useQuery({
    ...deliveryQuery(payymo, webhookId, deliveryId ?? ''),
    enabled: deliveryId !== undefined,
  })
  const again = () =>
    void act.run(
      () => payymo.webhooks.redeliver(webhookId, deliveryId ?? ''),
      () => void client.invalidateQueries({ queryKey: ['webhooks'] }),
    )
  return (
    <Dialog
      open={deliveryId !== undefined}
      onClose={onClose}
      side
      title={query.data?.event_type ?? words.webhooks.delivery}
      footer={
        may && active && query.data ? (
          <Button busy={act.busy} icon={<RotateCw aria-hidden className="size-4" />} onClick={again}>
            {words.webhooks.redeliver}
          </Button>
        ) : undefined
      }
    >
      <Fault text={act.fault} />
      {query.isPending && <Waiting rows={5} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && <Content delivery={query.data} />}
    </Dialog>
  )
}

function Content({ delivery }: { delivery: DeliveryWithRequest }) {
  const words = useWords()
  const formats = useFormats()
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col gap-3">
        <p className="flex flex-wrap items-center gap-2 text-soft">
          <DeliveryState status={delivery.status} />
          {words.webhooks.deliveryWhy[delivery.status]}
        </p>
        <Facts
          facts={[
            [words.webhooks.at, formats.moment(delivery.created_at)],
            [words.webhooks.nextTry, delivery.next_attempt_at && formats.moment(delivery.next_attempt_at)],
            [words.webhooks.deliveryId, <Id key="delivery" id={delivery.id} />],
            [words.webhooks.eventId, <Id key="event" id={delivery.event_id} />],
          ]}
        />
      </div>
      <section className="flex flex-col gap-2">
        <h3 className="font-semibold">{words.webhooks.tries}</h3>
        {delivery.attempts.length === 0 && <p className="text-soft">{words.webhooks.noAttempt}</p>}
        <ol className="flex flex-col gap-3">
          {delivery.attempts
            .map((attempt, index) => <Attempt key={attempt.at} attempt={attempt} number={index + 1} />)
            .reverse()}
        </ol>
      </section>
      <section className="flex flex-col gap-2">
        <h3 className="font-semibold">{words.webhooks.request}</h3>
        <Code label={words.webhooks.request} text={prettyJson(delivery.request_body)} />
        {delivery.request_headers && (
          <details>
            <summary className="cursor-pointer py-1 text-sm text-soft">{words.webhooks.headers}</summary>
            <Code
              label={words.webhooks.headers}
              text={Object.entries(delivery.request_headers)
                .map(([name, value]) => `${name}: ${value}`)
                .join('\n')}
            />
          </details>
        )}
      </section>
    </div>
  )
}

const Id = ({ id }: { id: string }) => <span className="font-mono text-xs break-all">{id}</span>

function Attempt({ attempt, number }: { attempt: DeliveryWithRequest['attempts'][number]; number: number }) {
  const words = useWords()
  const formats = useFormats()
  const { status_code: code, duration_ms: durationMs, response_body: body, error } = attempt
  const taken = code !== null && code >= 200 && code < 300
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line p-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">{words.webhooks.attempt(number)}</span>
        <span className="tabular text-sm text-faint">
          {formats.moment(attempt.at)}
          {durationMs !== null && ` · ${durationMs} ms`}
        </span>
      </p>
      <p className={taken ? 'text-good' : 'text-bad'}>
        {[code, error ?? (code === null ? words.webhooks.noAnswer : null)].filter((part) => part !== null).join(' · ')}
      </p>
      {body !== null && body !== '' && <Code label={words.webhooks.response} text={body} />}
    </li>
  )
}
