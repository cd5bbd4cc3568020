import { useQuery } from '@tanstack/react-query'
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
import { ClientMoney } from './money.tsx'
import { clientQuery, type KnownClient } from './queries.ts'

/** One client: who they are, what they were billed, and the money that came from them. */
export function ClientDetails() {
  const words = useWords()
  const { id } = useParams({ from: '/inside/clients/$id' })
  const query = useQuery(clientQuery(useApi(), id))
  const client = query.data
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
        <Details key={id} client={client} />
      ) : (
        <Card>
          {query.isPending && <Waiting rows={6} label={words.states.loading} />}
          {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
          {client === null && <Empty title={words.clients.unknown}>{words.clients.unknownText}</Empty>}
        </Card>
      )}
    </Page>
  )
}

function Details({ client }: { client: KnownClient }) {
  const words = useWords()
  const texts = words.clients
  const payers = client.payers ?? []
  const invoices = useInvoiceList({ client_id: client.id })
  return (
    <div className="flex flex-col gap-4">
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
              [
                texts.payers,
                payers.length === 0 ? undefined : (
                  <ul key="payers">
                    {payers.map(({ name, iban_last4 }) => (
                      <li key={`${name} ${iban_last4}`}>
                        {name}
                        {iban_last4 !== null && <span className="tabular text-faint"> ···· {iban_last4}</span>}
                      </li>
                    ))}
                  </ul>
                ),
              ],
            ]}
          />
        </div>
      </Card>
      <Card
        title={words.invoices.title}
        action={
          <Link
            to="/invoices"
            search={{ client_id: client.id }}
            className="text-sm text-soft underline decoration-line-strong underline-offset-4 hover:text-text"
          >
            {texts.filter}
          </Link>
        }
      >
        <InvoiceRows ofClient query={invoices} empty={<p className="px-4 py-4 text-soft">{texts.noInvoices}</p>} />
      </Card>
      <ClientMoney client={client} />
    </div>
  )
}
