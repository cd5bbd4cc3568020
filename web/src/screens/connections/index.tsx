import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { useWords } from '../../app/words.tsx'
import { Page } from '../../design/page.tsx'
import { AddFile } from './bank/add-file.tsx'
import { ConnectBank } from './bank/connect.tsx'
import { Banks } from './bank/section.tsx'
import type { Adding, ListFilters } from './filters.ts'
import { AddStripe } from './stripe/add.tsx'
import { StripeArrival } from './stripe/arrival.tsx'
import { StripeConnections } from './stripe/section.tsx'
import { AddWhmcs } from './whmcs/add.tsx'
import { WhmcsInstances } from './whmcs/section.tsx'

/** Where money and invoices come from: banks, statement files, WHMCS and Stripe. */
export function Connections() {
  const words = useWords()
  const search = useSearch({ from: '/inside/connections' })
  const navigate = useNavigate()
  const open = (add: Adding | undefined) => void navigate({ to: '/connections', search: add ? { add } : {} })
  const came = cameBackTo(search)
  if (came) return <Navigate to="/connections/$id" params={{ id: came.id }} search={came.search} replace />
  const { state, code, error } = search
  if (state !== undefined && (code !== undefined || error !== undefined))
    return (
      <StripeArrival
        state={state}
        {...(code === undefined ? {} : { code })}
        {...(error === undefined ? {} : { error })}
      />
    )
  return (
    <Page title={words.connections.title}>
      <div className="flex flex-col gap-4">
        <Banks onAdd={open} />
        <WhmcsInstances onAdd={open} />
        <StripeConnections onAdd={open} />
      </div>
      <ConnectBank open={search.add === 'bank'} onClose={() => open(undefined)} onFile={() => open('file')} />
      <AddFile open={search.add === 'file'} onClose={() => open(undefined)} />
      <AddStripe open={search.add === 'stripe'} onClose={() => open(undefined)} />
      <AddWhmcs open={search.add === 'whmcs'} onClose={() => open(undefined)} />
    </Page>
  )
}

/** The connection that a bank or Stripe led the browser back to. */
function cameBackTo({ bank_connection_id: bank, connection_id: stripe, status, error }: ListFilters) {
  const id = bank ?? stripe
  if (id === undefined) return undefined
  return { id, search: { came: status ?? 'pending', ...(error === undefined ? {} : { error }) } as const }
}
