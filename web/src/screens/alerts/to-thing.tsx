import type { Alert, Payymo } from '@payymo/sdk'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Fault } from '../../design/fault.tsx'
import { wayOf } from './way.ts'

const LOOK =
  'inline-flex min-h-9 items-center rounded-lg border border-line-strong bg-surface px-3 font-medium whitespace-nowrap hover:bg-sunken'

/** The way to what an alert is about; nothing where that has no page. */
export function ToThing({ alert }: { alert: Alert }): ReactNode {
  const { alerts: words } = useWords()
  const way = wayOf(alert)
  if (!way) return null
  const { kind, id } = way
  const name = words.ways[kind]
  switch (kind) {
    case 'connection':
      return (
        <Link to="/connections/$id" params={{ id }} className={LOOK}>
          {name}
        </Link>
      )
    case 'webhook':
      return (
        <Link to="/webhooks/$id" params={{ id }} className={LOOK}>
          {name}
        </Link>
      )
    case 'transaction':
      return (
        <Link to="/transactions/$id" params={{ id }} className={LOOK}>
          {name}
        </Link>
      )
    case 'payout':
      return (
        <Link to="/payouts/$id" params={{ id }} className={LOOK}>
          {name}
        </Link>
      )
    case 'account':
      return (
        <Link to="/transactions" search={{ account_id: id }} className={LOOK}>
          {name}
        </Link>
      )
    case 'quarantined':
    case 'reversals':
      return (
        <Link to="/review" search={{ view: kind, item: id }} className={LOOK}>
          {name}
        </Link>
      )
    case 'audit':
      return (
        <Link to="/audit" className={LOOK}>
          {name}
        </Link>
      )
    case 'matching':
      return (
        <Link to="/matching" className={LOOK}>
          {name}
        </Link>
      )
    case 'payment':
    case 'match':
      return <ToLine find={(payymo) => lineOf(payymo, kind, id)} name={name} />
  }
}

/** Of a payment or a match the line of money is looked up when somebody wants to see it. */
function ToLine({ find, name }: { find: (payymo: Payymo) => Promise<string>; name: string }) {
  const payymo = useApi()
  const navigate = useNavigate()
  const act = useAct()
  return (
    <>
      <Button
        busy={act.busy}
        onClick={() =>
          void act.run(
            () => find(payymo),
            (id) => void navigate({ to: '/transactions/$id', params: { id } }),
          )
        }
      >
        {name}
      </Button>
      <Fault text={act.fault} />
    </>
  )
}

async function lineOf(payymo: Payymo, kind: 'payment' | 'match', id: string): Promise<string> {
  const matchId = kind === 'match' ? id : (await payymo.payments.get(id)).match_id
  return (await payymo.invoiceMatches.get(matchId)).transaction_id
}
