import type { BankConnection } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { Facts } from '../../../design/facts.tsx'
import { useFormats } from '../../../design/format.ts'
import { Notice } from '../notice.tsx'
import { ConnectionPage, NotYet } from '../one.tsx'
import { bankQuery } from '../queries.ts'
import { Accounts } from './accounts.tsx'
import { BankActions } from './actions.tsx'
import { ConsentRing } from './consent.tsx'
import { Imports } from './imports.tsx'
import { ReconnectDialog } from './reconnect.tsx'
import { bankFault, BankState, isFile } from './state.tsx'
import { Syncs } from './syncs.tsx'
import { Uploads } from './upload.tsx'

/** One bank: how the consent stands, its accounts, and how reading went. */
export function Bank({ id }: { id: string }) {
  const query = useQuery(bankQuery(useApi(), id))
  const may = useMay('admin')
  const [reconnecting, setReconnecting] = useState(false)
  if (!query.data) return <NotYet query={query} />
  const bank = query.data
  return (
    <ConnectionPage title={bank.name} actions={<BankActions bank={bank} onReconnect={() => setReconnecting(true)} />}>
      <News bank={bank} onReconnect={() => setReconnecting(true)} />
      <div className="grid gap-4 lg:grid-cols-2">
        <About bank={bank} />
        <Accounts bank={bank} />
      </div>
      {isFile(bank) && may && bank.status !== 'revoked' && <Uploads bank={bank} />}
      {isFile(bank) ? <Imports bank={bank} /> : <Syncs bank={bank} />}
      <ReconnectDialog bank={bank} open={reconnecting} onClose={() => setReconnecting(false)} />
    </ConnectionPage>
  )
}

/** How the person came back, or what is wrong. */
function News({ bank, onReconnect }: { bank: BankConnection; onReconnect: () => void }) {
  const words = useWords()
  const may = useMay('admin')
  const { came, error } = useSearch({ from: '/inside/connections/$id' })
  const fault = bankFault(bank, words)
  const again = may &&
    bank.provider !== 'file' &&
    ['error', 'expired', 'expiring', 'pending'].includes(bank.status) && (
      <Button onClick={onReconnect}>{words.banks.reconnect}</Button>
    )
  if (came === 'failed' && bank.status !== 'active') {
    const why = error === undefined ? undefined : words.banks.faults[error]
    return (
      <Notice tone="bad" action={again}>
        {[words.banks.came.failed, why ?? fault].filter((text) => text !== undefined).join(' ')}
      </Notice>
    )
  }
  if (fault !== undefined)
    return (
      <Notice tone="bad" action={again}>
        {fault}
      </Notice>
    )
  if (bank.status === 'expired')
    return (
      <Notice tone="bad" action={again}>
        {words.banks.faults.consent_expired}
      </Notice>
    )
  if (bank.status === 'expiring')
    return (
      <Notice tone="warn" action={again}>
        {words.banks.consentText}
      </Notice>
    )
  if (bank.status === 'pending')
    return (
      <Notice tone="info" action={came === undefined && again}>
        {words.banks.came.pending}
      </Notice>
    )
  if (came === 'active') return <Notice tone="good">{words.banks.came.active}</Notice>
  return null
}

function About({ bank }: { bank: BankConnection }) {
  const words = useWords()
  const formats = useFormats()
  const { consent_expires_at: expiresAt } = bank
  const living = bank.status !== 'revoked' && bank.accounts.length > 0
  return (
    <Card title={words.connections.facts}>
      <div className="flex flex-col gap-5 p-4">
        {living && expiresAt !== null && <ConsentRing expiresAt={expiresAt} />}
        <Facts
          facts={[
            [words.connections.state, <BankState key="state" bank={bank} />],
            [words.banks.bank, bank.bank_name === bank.name ? undefined : bank.bank_name],
            [
              words.banks.reading,
              isFile(bank) || !living ? undefined : bank.sync_enabled ? words.banks.on : words.banks.off,
            ],
            [words.banks.next, living && bank.sync_enabled && bank.next_sync_at && formats.moment(bank.next_sync_at)],
            [words.connections.since, formats.moment(bank.created_at)],
          ].map(([name, value]) => [name as string, value === false ? undefined : value])}
        />
      </div>
    </Card>
  )
}
