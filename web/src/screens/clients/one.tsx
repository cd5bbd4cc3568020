import { type ClientDetails as Client, PayymoError } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lastSearch } from '../../app/last-search.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { BACK, BackText } from '../../design/back.tsx'
import { Card } from '../../design/card.tsx'
import { Facts } from '../../design/facts.tsx'
import { Page } from '../../design/page.tsx'
import { Empty, Failed, Waiting } from '../../design/states.tsx'
import { InvoiceRows, useInvoiceList } from '../invoices/list.tsx'
import type { Filters } from './filters.ts'
import { ClientFigures } from './figures.tsx'
import { ClientMoney } from './money.tsx'
import { Payers } from './payers.tsx'
import { clientQuery } from './queries.ts'

/** One client: who they are, what they were billed and owe, and the money that came from them. */
export function ClientDetails() {
  const words = useWords()
  const { id } = useParams({ from: '/inside/clients/$id' })
  const query = useQuery(clientQuery(useApi(), useQueryClient(), id))
  const client = query.data
  const unknown = query.error instanceof PayymoError && query.error.status === 404
  return (
    <Page
      title={client ? client.company || client.name : words.clients.one}
      back={
        <Link to="/clients" search={lastSearch<Filters>('/clients')} className={BACK}>
          <BackText>{words.clients.title}</BackText>
        </Link>
      }
    >
      {client ? (
        <Details key={id} client={client} waiting={query.isPlaceholderData} />
      ) : (
        <Card>
          {query.isPending && <Waiting rows={6} label={words.states.loading} />}
          {query.isError && !unknown && <Failed error={query.error} again={() => void query.refetch()} />}
          {unknown && <Empty title={words.clients.unknown}>{words.clients.unknownText}</Empty>}
        </Card>
      )}
    </Page>
  )
}

function Details({ client, waiting }: { client: Client; waiting: boolean }) {
  const words = useWords()
  const texts = words.clients
  const invoices = useInvoiceList({ client_id: client.id })
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title={texts.details}>
          <div className="p-4">
            <Facts
              facts={[
                [texts.name, client.name],
                [texts.company, client.company],
                [
                  texts.email,
                  <span key="email" className="break-all">
                    {client.email}
                  </span>,
                ],
                [texts.externalId, client.external_id],
              ]}
            />
          </div>
        </Card>
        <div className="flex min-w-0 flex-col gap-4">
          <ClientFigures money={client.money} waiting={waiting} />
          <Payers client={client} />
        </div>
      </div>
      <Card title={words.invoices.title} action={<ToList to="/invoices" id={client.id} />}>
        <InvoiceRows ofClient query={invoices} empty={<p className="px-4 py-4 text-soft">{texts.noInvoices}</p>} />
      </Card>
      <ClientMoney id={client.id} action={<ToList to="/transactions" id={client.id} />} />
    </div>
  )
}

function ToList({ to, id }: { to: '/invoices' | '/transactions'; id: string }) {
  const { clients: words } = useWords()
  return (
    <Link
      to={to}
      search={{ client_id: id }}
      className="text-sm text-soft underline decoration-line-strong underline-offset-4 hover:text-text"
    >
      {words.filter}
    </Link>
  )
}
