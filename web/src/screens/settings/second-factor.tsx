import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { confirmSecondFactor, endSecondFactor, type Session, startSecondFactor } from '../../app/session.ts'
import { useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { CopyText } from '../../design/copy.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { useSay } from '../../design/toast.tsx'
import { Qr } from './qr/index.tsx'

/** The second factor: set up with an app in two steps, or switched off. `onCodes` gets the recovery codes, seen here only. */
export function SecondFactor({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { account } = useWords().settings
  const { session } = useSeat()
  const client = useQueryClient()
  const [step, setStep] = useState<'rest' | 'on' | 'off'>('rest')
  const on = session.second_factor
  const settle = (second_factor: boolean) => {
    client.setQueryData<Session | null>(['session'], (before) => before && { ...before, second_factor })
    setStep('rest')
  }
  return (
    <Card
      title={account.factor}
      action={on ? <Badge tone="good">{account.on}</Badge> : <Badge tone="warn">{account.off}</Badge>}
    >
      <div className="flex flex-col gap-4 p-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64 text-soft">{on ? account.onText : account.offText}</p>
          {step === 'rest' && (
            <Button weight={on ? 'plain' : 'primary'} onClick={() => setStep(on ? 'off' : 'on')}>
              {on ? account.switchOff : account.start}
            </Button>
          )}
        </div>
        {step === 'on' && (
          <SetUp
            onCancel={() => setStep('rest')}
            onDone={(codes) => {
              onCodes(codes)
              settle(true)
            }}
          />
        )}
        {step === 'off' && <SwitchOff onCancel={() => setStep('rest')} onDone={() => settle(false)} />}
      </div>
    </Card>
  )
}

function SetUp({ onCancel, onDone }: { onCancel: () => void; onDone: (codes: string[]) => void }) {
  const words = useWords()
  const { account } = words.settings
  const act = useAct(['code'])
  const [made, setMade] = useState<{ secret: string; otpauth_uri: string }>()
  const [code, setCode] = useState('')
  if (!made) {
    return (
      <div className="flex flex-col gap-3 border-t border-line pt-4">
        <Fault text={act.fault} />
        <div className="flex justify-end gap-2">
          <Button onClick={onCancel}>{words.app.cancel}</Button>
          <Button weight="primary" busy={act.busy} onClick={() => void act.run(startSecondFactor, setMade)}>
            {account.start}
          </Button>
        </div>
      </div>
    )
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(() => confirmSecondFactor(code.trim()), onDone)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 border-t border-line pt-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-4">
        <div className="flex flex-col gap-1.5">
          <span aria-hidden className="text-sm font-medium">
            {account.scan}
          </span>
          <Qr text={made.otpauth_uri} label={account.scan} />
        </div>
        <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1.5">
          <span className="text-sm font-medium">{account.secret}</span>
          <CopyText text={made.secret} label={account.secret} />
          <a href={made.otpauth_uri} className="self-start text-sm text-soft underline underline-offset-4">
            {account.open}
          </a>
        </div>
      </div>
      <Field
        label={account.code}
        hint={account.codeHint}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        autoFocus
        maxLength={9}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        fault={act.faults.code}
      />
      <Fault text={act.fault} />
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{words.app.cancel}</Button>
        <Button type="submit" weight="primary" busy={act.busy}>
          {account.switchOn}
        </Button>
      </div>
    </form>
  )
}

function SwitchOff({ onCancel, onDone }: { onCancel: () => void; onDone: () => void }) {
  const words = useWords()
  const { account } = words.settings
  const say = useSay()
  const act = useAct(['password'])
  const [password, setPassword] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () => endSecondFactor(password),
      () => {
        say(account.switchedOff)
        onDone()
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 border-t border-line pt-4">
      <p className="text-soft">{account.switchOffText}</p>
      <Field
        label={account.yourPassword}
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        fault={act.faults.password}
      />
      <Fault text={act.fault} />
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{words.app.cancel}</Button>
        <Button type="submit" weight="danger" busy={act.busy}>
          {account.switchOff}
        </Button>
      </div>
    </form>
  )
}
