import type { Webhook } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { History, KeyRound, MoreHorizontal, Pause, Pencil, Play, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { BACK, BackText } from '../../design/back.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Confirm } from '../../design/confirm.tsx'
import { Facts } from '../../design/facts.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { Menu, MenuItem } from '../../design/menu.tsx'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { Deliveries } from './deliveries.tsx'
import { DeliveryPanel } from './delivery.tsx'
import { WebhookForm } from './form.tsx'
import { Secret } from './index.tsx'
import { webhookQuery } from './queries.ts'
import { ReplayDialog } from './replay.tsx'
import { Wanted, WebhookState } from './state.tsx'

/** One webhook: what it is told, what was sent to it and how it answered. */
export function WebhookDetails() {
  const words = useWords()
  const { id } = useParams({ from: '/inside/webhooks/$id' })
  const { delivery, ...filters } = useSearch({ from: '/inside/webhooks/$id' })
  const query = useQuery(webhookQuery(useApi(), id))
  const navigate = useNavigate()
  const [secret, setSecret] = useState<string>()
  const show = (dlv: string | undefined) =>
    void navigate({
      to: '/webhooks/$id',
      params: { id },
      search: { ...filters, ...(dlv === undefined ? {} : { delivery: dlv }) },
    })
  return (
    <Page
      title={query.data ? (URL.parse(query.data.url)?.host ?? query.data.url) : words.webhooks.title}
      back={
        <Link to="/webhooks" className={BACK}>
          <BackText>{words.webhooks.title}</BackText>
        </Link>
      }
      actions={query.data && <Actions webhook={query.data} onDelivery={show} onSecret={setSecret} />}
    >
      {secret !== undefined && <Secret secret={secret} onDone={() => setSecret(undefined)} />}
      <div className="flex flex-col gap-4">
        <Card>
          {query.isPending && <Waiting rows={2} label={words.states.loading} />}
          {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
          {query.data && <About webhook={query.data} />}
        </Card>
        {query.data && <Deliveries webhookId={id} onOpen={show} />}
      </div>
      <DeliveryPanel
        webhookId={id}
        deliveryId={delivery}
        active={query.data?.active === true}
        onClose={() => show(undefined)}
      />
    </Page>
  )
}

function About({ webhook }: { webhook: Webhook }) {
  const words = useWords()
  const formats = useFormats()
  const { disabled_reason: why, failing_since: failing, previous_secret_valid_until: two } = webhook
  return (
    <div className="flex flex-col gap-3 p-4">
      {!webhook.active && why !== null && <Fault text={words.webhooks.whyOff[why]} />}
      {webhook.active && failing !== null && (
        <p className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          {words.webhooks.failingSince(formats.moment(failing))}
        </p>
      )}
      {two !== null && (
        <p className="rounded-lg bg-info-soft px-3 py-2 text-sm text-info">
          {words.webhooks.twoSecrets(formats.moment(two))}
        </p>
      )}
      <Facts
        facts={[
          [
            words.webhooks.url,
            <span key="url" className="font-mono text-sm break-all">
              {webhook.url}
            </span>,
          ],
          [words.webhooks.state, <WebhookState key="state" webhook={webhook} />],
          [
            words.webhooks.events,
            webhook.events.includes('*') ? (
              <Wanted key="events" events={webhook.events} />
            ) : (
              <span key="events" className="font-mono text-sm">
                {webhook.events.join(', ')}
              </span>
            ),
          ],
          [words.webhooks.created, formats.moment(webhook.created_at)],
        ]}
      />
    </div>
  )
}

type Asking = 'edit' | 'pause' | 'rotate' | 'remove' | 'replay'

function Actions({
  webhook,
  onDelivery,
  onSecret,
}: {
  webhook: Webhook
  onDelivery: (id: string) => void
  onSecret: (secret: string | undefined) => void
}) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  const test = useAct()
  const [asking, setAsking] = useState<Asking>()
  if (!useMay('admin')) return null
  const { id, active } = webhook
  const stop = () => setAsking(undefined)
  const changed = () => void client.invalidateQueries({ queryKey: ['webhooks'] })
  const setActive = async (wanted: boolean) => {
    await payymo.webhooks.update(id, { active: wanted })
    say(wanted ? words.webhooks.resumed : words.webhooks.paused)
    changed()
  }
  return (
    <>
      {active ? (
        <>
          <Button icon={<History aria-hidden className="size-4" />} onClick={() => setAsking('replay')}>
            {words.webhooks.replay}
          </Button>
          <Button
            weight="primary"
            busy={test.busy}
            icon={<Send aria-hidden className="size-4" />}
            onClick={() =>
              void test.run(
                () => payymo.webhooks.test(id),
                (delivery) => {
                  changed()
                  onDelivery(delivery.id)
                },
              )
            }
          >
            {words.webhooks.test}
          </Button>
        </>
      ) : (
        <Button
          weight="primary"
          busy={test.busy}
          icon={<Play aria-hidden className="size-4" />}
          onClick={() => void test.run(() => setActive(true))}
        >
          {words.webhooks.resume}
        </Button>
      )}
      <Menu
        trigger={
          <Button aria-label={words.webhooks.more} className="px-2">
            <MoreHorizontal aria-hidden className="size-4" />
          </Button>
        }
      >
        <MenuItem icon={<Pencil aria-hidden className="size-4" />} onSelect={() => setAsking('edit')}>
          {words.webhooks.edit}
        </MenuItem>
        <MenuItem icon={<KeyRound aria-hidden className="size-4" />} onSelect={() => setAsking('rotate')}>
          {words.webhooks.rotate}
        </MenuItem>
        {active && (
          <MenuItem icon={<Pause aria-hidden className="size-4" />} onSelect={() => setAsking('pause')}>
            {words.webhooks.pause}
          </MenuItem>
        )}
        <MenuItem icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => setAsking('remove')}>
          {words.webhooks.remove}
        </MenuItem>
      </Menu>
      {test.fault !== undefined && (
        <div className="basis-full">
          <Fault text={test.fault} />
        </div>
      )}
      <WebhookForm
        webhook={webhook}
        open={asking === 'edit'}
        onClose={stop}
        onKept={() => {
          stop()
          say(words.app.saved)
        }}
      />
      <ReplayDialog webhookId={id} open={asking === 'replay'} onClose={stop} />
      <Confirm
        open={asking === 'rotate'}
        onClose={stop}
        title={words.webhooks.rotateTitle}
        label={words.webhooks.rotateDo}
        work={async () => {
          onSecret((await payymo.webhooks.rotateSecret(id)).secret)
          changed()
        }}
      >
        <p>{words.webhooks.rotateText}</p>
      </Confirm>
      <Confirm
        open={asking === 'pause'}
        onClose={stop}
        title={words.webhooks.pause}
        label={words.webhooks.pause}
        work={() => setActive(false)}
      >
        <p>{words.webhooks.pauseText}</p>
      </Confirm>
      <Confirm
        open={asking === 'remove'}
        onClose={stop}
        title={words.webhooks.removeTitle}
        label={words.webhooks.remove}
        danger
        work={async () => {
          await payymo.webhooks.delete(id)
          say(words.webhooks.removed)
          await navigate({ to: '/webhooks' })
          changed()
        }}
      >
        <p>{words.webhooks.removeText}</p>
      </Confirm>
    </>
  )
}
