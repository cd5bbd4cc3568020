import { useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Radios } from '../../../design/radios.tsx'
import { comeBackTo, useLeaving } from '../leaving.ts'
import { keepBegun } from './begun.ts'
import { KeyForm } from './key-form.tsx'
import { inWords } from './state.tsx'

/** Connects a Stripe account: by signing in there, or by a restricted key. */
export function AddStripe({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords()
  const [way, setWay] = useState<'oauth' | 'key'>('oauth')
  return (
    <Dialog open={open} onClose={onClose} side title={words.stripe.add}>
      <div className="flex flex-col gap-5">
        <Radios
          label={words.stripe.way}
          value={way}
          onChange={setWay}
          options={[
            { value: 'oauth', label: words.stripe.ways.oauth, hint: words.stripe.oauthHint },
            { value: 'key', label: words.stripe.ways.key, hint: words.stripe.keyHint },
          ]}
        />
        {way === 'oauth' ? <SignIn /> : <KeyForm />}
      </div>
    </Dialog>
  )
}

function SignIn() {
  const words = useWords()
  const payymo = useApi()
  const act = useAct()
  const { leaving, leave } = useLeaving()
  const go = () =>
    void act.run(
      () =>
        payymo.stripeConnections.initialize({ redirect_url: comeBackTo() }).catch((error: unknown) => {
          throw inWords(error, words)
        }),
      ({ authorization_url: url }) => {
        keepBegun(url)
        leave(url)
      },
    )
  return (
    <>
      <p className="text-soft">{words.stripe.goText}</p>
      <Fault text={act.fault} />
      <Button weight="primary" className="self-end" busy={act.busy || leaving} onClick={go}>
        {leaving ? words.stripe.going : words.stripe.go}
      </Button>
    </>
  )
}
