import type { StripeConnection } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { Confirm } from '../../../design/confirm.tsx'
import { CopyText } from '../../../design/copy.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Field } from '../../../design/field.tsx'
import { Steps } from '../../../design/steps.tsx'
import { useSay } from '../../../design/toast.tsx'
import { Notice } from '../notice.tsx'

/** What Payymo hears of at Stripe, as Stripe's page of endpoints groups it. */
const KINDS = 'charge.*, refund.*, payout.*, payment_intent.*, checkout.session.*'

/** How an account that was connected by a key tells what happens on it: an endpoint in Stripe, and its secret here. */
export function StripeEvents({ connection, url }: { connection: StripeConnection; url: string }) {
  const words = useWords()
  const { stripe } = words
  const may = useMay('admin')
  const on = connection.webhook_secret_set
  const [replacing, setReplacing] = useState(false)
  const [stopping, setStopping] = useState(false)
  const { endpoint, endpointText, choose, chooseText, secret, secretText } = stripe.eventsSteps
  const work = useSecret(connection.id)
  return (
    <Card title={stripe.events}>
      <div className="flex flex-col gap-2 p-4">
        <Notice tone={on ? 'good' : 'info'}>{on ? stripe.eventsOn : stripe.eventsOff}</Notice>
        {may && (
          <>
            {(!on || replacing) && (
              <Steps
                words={words.connections.steps}
                steps={[
                  {
                    title: endpoint,
                    state: on ? 'done' : 'open',
                    text: (
                      <div className="mt-1 flex flex-col gap-2">
                        <p>{endpointText}</p>
                        <CopyText text={url} label={stripe.url} />
                      </div>
                    ),
                  },
                  {
                    title: choose,
                    state: on ? 'done' : 'open',
                    text: (
                      <p>
                        {chooseText} <span className="font-mono text-xs">{KINDS}</span>
                      </p>
                    ),
                  },
                  {
                    title: secret,
                    state: on ? 'done' : 'open',
                    text: (
                      <div className="mt-1 flex flex-col gap-2">
                        <p>{secretText}</p>
                        <SecretForm id={connection.id} onDone={() => setReplacing(false)} />
                      </div>
                    ),
                  },
                ]}
              />
            )}
            {on && !replacing && (
              <div className="mt-1 flex flex-col gap-3">
                <div className="flex flex-col gap-1">
                  <span className="text-sm text-faint">{stripe.url}</span>
                  <CopyText text={url} label={stripe.url} />
                </div>
                <div className="flex flex-wrap gap-2">
                  <Button onClick={() => setReplacing(true)}>{stripe.secretReplace}</Button>
                  <Button weight="danger" onClick={() => setStopping(true)}>
                    {stripe.secretRemove}
                  </Button>
                </div>
              </div>
            )}
          </>
        )}
      </div>
      <Confirm
        open={stopping}
        onClose={() => setStopping(false)}
        title={stripe.secretRemove}
        label={stripe.secretRemove}
        danger
        work={() => work(null)}
      >
        <p>{stripe.secretRemoveText}</p>
      </Confirm>
    </Card>
  )
}

/** Keeps a secret, or forgets it. */
function useSecret(id: string): (secret: string | null) => Promise<void> {
  const { stripe } = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  return async (secret) => {
    await payymo.stripeConnections.update(id, { webhook_secret: secret })
    void client.invalidateQueries({ queryKey: ['stripe-connections'] })
    say(secret === null ? stripe.secretRemoved : stripe.secretSaved)
  }
}

function SecretForm({ id, onDone }: { id: string; onDone: () => void }) {
  const { stripe } = useWords()
  const act = useAct(['webhook_secret'])
  const work = useSecret(id)
  const [secret, setSecret] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(() => work(secret.trim()), onDone)
  }
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-3">
      <Field
        label={stripe.secret}
        hint={stripe.secretHint}
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
        fault={act.faults.webhook_secret}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-start">
        {stripe.secretSave}
      </Button>
    </form>
  )
}
