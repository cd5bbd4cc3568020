import { useState } from 'react'
import { useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Settings } from './frame.tsx'
import { PasswordForm } from './password.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SecondFactor } from './second-factor.tsx'

/** The person's own: password, second factor, and the companies that let him in. */
export function OwnAccount() {
  const { account } = useWords().settings
  const { session } = useSeat()
  const [codes, setCodes] = useState<string[]>()
  return (
    <Settings>
      <div className="flex max-w-2xl flex-col gap-4">
        {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
        <p className="text-soft">
          {account.email} <span className="font-medium text-text">{session.email}</span>
        </p>
        <SecondFactor onCodes={setCodes} />
        <PasswordForm />
        <Companies />
      </div>
    </Settings>
  )
}

function Companies() {
  const { settings, team } = useWords()
  const { session, tenant, move } = useSeat()
  return (
    <Card title={settings.account.companies}>
      <ul>
        {session.tenants.map(({ id, name, role }) => (
          <li key={id} className="flex min-h-14 items-center gap-3 border-b border-line px-4 py-2 last:border-0">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{name}</p>
              <p className="text-sm text-soft">{team.roles[role]}</p>
            </div>
            {id === tenant.id ? (
              <Badge>{settings.account.here}</Badge>
            ) : (
              <Button onClick={() => move(id)}>{settings.account.lookAt}</Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
