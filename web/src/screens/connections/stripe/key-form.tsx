import { PayymoError } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { tenantQuery } from '../../../app/branding.ts'
import { useSeat } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Field } from '../../../design/field.tsx'

/** As Stripe's page of restricted keys calls them. */
const REQUIRED = ['Balance transactions', 'Charges', 'Payouts', 'Refunds', 'Disputes']
const OPTIONAL = ['PaymentIntents', 'Checkout Sessions', 'Customers', 'Events']

/** Connects by a restricted key, and says how to make one. */
export function KeyForm() {
  const words = useWords()
  const { payymo } = useSeat()
  const client = useQueryClient()
  const navigate = useNavigate()
  const act = useAct(['api_key', 'account_name'])
  const [given, setGiven] = useState({ key: '', name: '' })
  function submit(event: FormEvent) {
    event.preventDefault()
    const name = given.name.trim()
    void act.run(
      () =>
        payymo.stripeConnections
          .create({
            kind: 'restricted_key',
            api_key: given.key.trim(),
            ...(name === '' ? {} : { account_name: name }),
          })
          .catch(allLacking),
      ({ id }) => {
        void client.invalidateQueries({ queryKey: ['stripe-connections'] })
        void navigate({ to: '/connections/$id', params: { id } })
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <MakeKey />
      <Field
        label={words.stripe.key}
        hint={words.stripe.keyFieldHint}
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        value={given.key}
        onChange={(event) => setGiven({ ...given, key: event.target.value })}
        fault={act.faults.api_key}
      />
      <Field
        label={words.stripe.name}
        hint={words.stripe.nameHint}
        maxLength={100}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
        fault={act.faults.account_name}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.stripe.create}
      </Button>
    </form>
  )
}

/** A field shows one fault; where a key lacks several permissions, the sentence names them all. */
export function allLacking(error: unknown): never {
  const lacking = error instanceof PayymoError && error.details.filter(({ field }) => field === 'api_key').length > 1
  throw lacking ? new PayymoError(error.code, error.message, { status: error.status }) : error
}

/** How to make a key in Stripe, and what it must be allowed. */
export function MakeKey() {
  const { stripe } = useWords()
  const { payymo, tenant } = useSeat()
  const live = useQuery(tenantQuery(payymo, tenant.id)).data?.environment === 'live'
  return (
    <section className="rounded-xl border border-line p-4">
      <h3 className="font-medium">{stripe.makeKey}</h3>
      <ol className="mt-1 list-decimal pl-5 text-sm text-soft">
        {stripe.makeKeySteps(live ? stripe.modes.live : stripe.modes.test).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <dl className="mt-2 flex flex-col gap-2 pl-5 text-sm">
        {(
          [
            [stripe.required, REQUIRED],
            [stripe.optional, OPTIONAL],
          ] as const
        ).map(([what, names]) => (
          <div key={what}>
            <dt className="text-faint">{what}</dt>
            <dd>{names.join(', ')}</dd>
          </div>
        ))}
      </dl>
      <a
        href={`https://dashboard.stripe.com/${live ? '' : 'test/'}apikeys/create`}
        target="_blank"
        rel="noreferrer"
        className="mt-2 inline-flex min-h-6 items-center gap-1.5 pl-5 text-sm underline underline-offset-4"
      >
        {stripe.openStripe}
        <ExternalLink aria-hidden className="size-3.5" />
      </a>
    </section>
  )
}
