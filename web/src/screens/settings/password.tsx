import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { changePassword } from '../../app/session.ts'
import { useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { useSay } from '../../design/toast.tsx'

export function PasswordForm() {
  const { account } = useWords().settings
  const { session } = useSeat()
  const say = useSay()
  const act = useAct(['current', 'next'])
  const [given, setGiven] = useState({ current: '', next: '' })
  function submit(event: FormEvent) {
    event.preventDefault()
    void act.run(
      () => changePassword(given),
      () => {
        setGiven({ current: '', next: '' })
        say(account.changed)
      },
    )
  }
  return (
    <Card title={account.password}>
      <form onSubmit={submit} className="flex flex-col gap-4 p-4">
        {/* Programs that keep passwords look for whose it is. */}
        <input type="hidden" name="username" autoComplete="username" value={session.email} readOnly />
        <Field
          label={account.current}
          type="password"
          autoComplete="current-password"
          required
          value={given.current}
          onChange={(event) => setGiven({ ...given, current: event.target.value })}
          fault={act.faults.current}
        />
        <Field
          label={account.next}
          hint={account.nextHint}
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={256}
          value={given.next}
          onChange={(event) => setGiven({ ...given, next: event.target.value })}
          fault={act.faults.next}
        />
        <Fault text={act.fault} />
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm text-faint">{account.passwordText}</p>
          <Button type="submit" weight="primary" busy={act.busy} className="ml-auto">
            {account.change}
          </Button>
        </div>
      </form>
    </Card>
  )
}
