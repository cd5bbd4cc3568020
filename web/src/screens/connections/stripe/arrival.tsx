import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button, Spinner } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { Page } from '../../../design/page.tsx'
import { Notice } from '../notice.tsx'
import { forgetBegun, hasBegun } from './begun.ts'
import { inWords } from './state.tsx'

/** The way back from Stripe: hands over what Stripe sent along, once, and goes on to the connection. */
export function StripeArrival({ state, code, error }: { state: string; code?: string; error?: string }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const act = useAct()
  const [begun] = useState(() => hasBegun(state))
  const once = useRef(false)
  const start = () => void navigate({ to: '/connections', search: { add: 'stripe' }, replace: true })
  const handOver = useEffectEvent(() => {
    if (!begun || once.current) return
    once.current = true
    void act.run(
      () =>
        payymo.stripeConnections
          .callback(code === undefined ? { state, error: error ?? 'access_denied' } : { state, code }, {
            maxRetries: 0,
          })
          .catch((fault: unknown) => {
            throw inWords(fault, words)
          }),
      ({ connection_id: id, status }) => {
        forgetBegun()
        void client.invalidateQueries({ queryKey: ['stripe-connections'] })
        // What Stripe sent along does not stay in the history of the browser.
        void navigate({
          to: '/connections/$id',
          params: { id },
          search: { came: status === 'active' ? 'active' : 'failed' },
          replace: true,
        })
      },
    )
  })
  useEffect(() => handOver(), [])
  const fault = begun ? act.fault : words.stripe.notHere
  return (
    <Page title={words.stripe.title}>
      {fault === undefined ? (
        <Card>
          <p role="status" className="flex items-center gap-3 p-6 text-soft">
            <Spinner />
            {words.stripe.finishing}
          </p>
        </Card>
      ) : (
        <Notice tone="bad" action={<Button onClick={start}>{words.stripe.again}</Button>}>
          {fault}
        </Notice>
      )}
    </Page>
  )
}
