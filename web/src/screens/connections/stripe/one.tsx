import type { StripeConnection } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useSpoken, useWords } from '../../../app/words.tsx'
import { Badge } from '../../../design/badge.tsx'
import { Button, Spinner } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { Confirm } from '../../../design/confirm.tsx'
import { Facts } from '../../../design/facts.tsx'
import { useFormats } from '../../../design/format.ts'
import { useSay } from '../../../design/toast.tsx'
import { Notice } from '../notice.tsx'
import { ConnectionPage, NotYet } from '../one.tsx'
import { stripeQuery } from '../queries.ts'
import { StripeActions } from './actions.tsx'
import { StripeEvents } from './events.tsx'
import { nameOf, stripeFault, StripeState } from './state.tsx'
import { useReading } from './reading.ts'

/** One Stripe account: how it stands, what its key lacks, and how it tells what happens. */
export function Stripe({ id }: { id: string }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const query = useQuery(stripeQuery(payymo, id))
  const { reading, begin } = useReading(query.data)
  const [disconnecting, setDisconnecting] = useState(false)
  if (!query.data) return <NotYet query={query} />
  const connection = query.data
  const { webhook_url: url, status } = connection
  const name = nameOf(connection, words)
  return (
    <ConnectionPage
      title={name}
      actions={
        <StripeActions
          connection={connection}
          reading={reading}
          onSync={begin}
          onDisconnect={() => setDisconnecting(true)}
        />
      }
    >
      <News connection={connection} onDisconnect={() => setDisconnecting(true)} />
      <div className="grid gap-4 lg:grid-cols-2">
        <About connection={connection} />
        {connection.account_id !== null && <Money id={id} />}
      </div>
      {url !== null && status !== 'disconnected' && <StripeEvents connection={connection} url={url} />}
      <Confirm
        open={disconnecting}
        onClose={() => setDisconnecting(false)}
        title={words.stripe.disconnectTitle(name)}
        label={words.stripe.disconnect}
        danger
        work={async () => {
          await payymo.stripeConnections.delete(id)
          void client.invalidateQueries({ queryKey: ['stripe-connections'] })
          say(words.stripe.disconnectDone)
        }}
      >
        <p>{connection.kind === 'restricted_key' ? words.stripe.disconnectKeyText : words.stripe.disconnectText}</p>
      </Confirm>
    </ConnectionPage>
  )
}

/** How the person came back, what is wrong, and what the key lacks. */
function News({ connection, onDisconnect }: { connection: StripeConnection; onDisconnect: () => void }) {
  const words = useWords()
  const { stripe } = words
  const may = useMay('admin')
  const navigate = useNavigate()
  const { came, error } = useSearch({ from: '/inside/connections/$id' })
  const { id, status, missing_permissions: missing } = connection
  const fault = stripeFault(connection, words)
  const why = came === 'failed' && error !== undefined ? (stripe.faults[error] ?? fault) : fault
  return (
    <>
      {came === 'active' && status === 'active' && may && (
        <Notice
          tone="info"
          action={
            <div className="flex flex-wrap gap-2">
              <Button onClick={onDisconnect}>{stripe.no}</Button>
              <Button
                weight="primary"
                onClick={() => void navigate({ to: '/connections/$id', params: { id }, search: {}, replace: true })}
              >
                {stripe.yes}
              </Button>
            </div>
          }
        >
          <p className="font-medium">{stripe.isIt(nameOf(connection, words))}</p>
          <p className="text-sm">{stripe.isItText}</p>
        </Notice>
      )}
      {came === 'failed' && status !== 'active' ? (
        <Notice tone="bad">{why ?? stripe.notConnected}</Notice>
      ) : (
        fault !== undefined && <Notice tone="bad">{fault}</Notice>
      )}
      {status !== 'disconnected' && missing.length > 0 && (
        <Notice tone="warn">{stripe.missing(missing.join(', '))}</Notice>
      )}
    </>
  )
}

function About({ connection }: { connection: StripeConnection }) {
  const { stripe, connections } = useWords()
  const formats = useFormats()
  const { language } = useSpoken()
  const { status, country, last_sync_at: read } = connection
  const moment = (at: string | null) => at && formats.moment(at)
  const living = status === 'active' || status === 'error'
  return (
    <Card title={connections.facts}>
      <div className="p-4">
        <Facts
          facts={[
            [connections.state, <StripeState key="state" connection={connection} />],
            [
              stripe.account,
              connection.account_id && (
                <span key="account" className="font-mono text-sm break-all">
                  {connection.account_id}
                </span>
              ),
            ],
            [stripe.country, country && new Intl.DisplayNames(language, { type: 'region' }).of(country)],
            [stripe.currency, connection.default_currency],
            [stripe.mode, connection.livemode ? stripe.live : <Badge key="mode">{stripe.test}</Badge>],
            [stripe.kind, stripe.kinds[connection.kind]],
            [
              stripe.lastSync,
              read === null && status === 'active' ? (
                <span key="read" role="status" className="inline-flex items-center gap-2 text-soft">
                  <Spinner />
                  {stripe.firstRead}
                </span>
              ) : (
                moment(read)
              ),
            ],
            [stripe.nextSync, living ? moment(connection.next_sync_at) : null],
            [stripe.connectedAt, moment(connection.connected_at)],
            [stripe.disconnectedAt, moment(connection.disconnected_at)],
          ]}
        />
      </div>
    </Card>
  )
}

function Money({ id }: { id: string }) {
  const { stripe } = useWords()
  const link = 'block px-4 py-3 hover:bg-sunken'
  return (
    <Card title={stripe.money}>
      <ul className="divide-y divide-line">
        <li>
          <Link to="/payouts" className={link}>
            <span className="block font-medium">{stripe.payouts}</span>
            <span className="block text-sm text-soft">{stripe.payoutsText}</span>
          </Link>
        </li>
        <li>
          <Link to="/transactions" search={{ account_id: id }} className={link}>
            <span className="block font-medium">{stripe.transactions}</span>
            <span className="block text-sm text-soft">{stripe.transactionsText}</span>
          </Link>
        </li>
      </ul>
    </Card>
  )
}
