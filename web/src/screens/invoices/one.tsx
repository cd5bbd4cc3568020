import type { Invoice } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lastSearch } from '../../app/last-search.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { BACK, BackText } from '../../design/back.tsx'
import { Card } from '../../design/card.tsx'
import { Facts } from '../../design/facts.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { nameOf } from '../review/compare.ts'
import { invoiceQuery } from '../review/queries.ts'
import type { Filters } from './filters.ts'
import { InvoiceHistory } from './history.tsx'
import { Items } from './items.tsx'
import { Source } from './list.tsx'
import { InvoiceMatches } from './matches.tsx'
import { InvoiceState } from './state.tsx'

/** One invoice: what it is for, what was paid on it and by which line, and what happened to it. */
export function InvoiceDetails() {
  const words = useWords()
  const { id } = useParams({ from: '/inside/invoices/$id' })
  const query = useQuery(invoiceQuery(useApi(), id))
  const invoice = query.data
  return (
    <Page
      title={invoice ? words.review.invoiceOf(nameOf(invoice)) : words.review.invoice}
      back={
        <Link to="/invoices" search={lastSearch<Filters>('/invoices')} className={BACK}>
          <BackText>{words.invoices.title}</BackText>
        </Link>
      }
    >
      {invoice ? (
        <Details key={id} invoice={invoice} />
      ) : (
        <Card>
          {query.isError ? (
            <Failed error={query.error} again={() => void query.refetch()} />
          ) : (
            <Waiting rows={8} label={words.states.loading} />
          )}
        </Card>
      )}
    </Page>
  )
}

const OPEN = new Set<Invoice['status']>(['unpaid', 'payment_pending', 'collections'])

function Details({ invoice }: { invoice: Invoice }) {
  const words = useWords().invoices
  const formats = useFormats()
  const { client, total, balance, currency } = invoice
  const money = (amount: string) => formats.amount(amount, currency)
  const day = (text: string | null) => (text === null ? undefined : formats.day(text))
  return (
    <>
      <div className="-mt-2 mb-5 flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="tabular text-2xl font-semibold tracking-tight">{money(total)}</span>
        <InvoiceState invoice={invoice} />
        {OPEN.has(invoice.status) && (
          <span className="text-soft">{balance === total ? words.allOpen : words.openOf(money(balance))}</span>
        )}
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
        <Card title={words.details}>
          <div className="p-4">
            <Facts
              facts={[
                [
                  words.client,
                  <>
                    <Link
                      to="/clients/$id"
                      params={{ id: client.id }}
                      className="font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
                    >
                      {client.company || client.name}
                    </Link>
                    <span className="block text-sm break-all text-faint">
                      {[client.company === '' ? '' : client.name, client.email].filter(Boolean).join(' · ')}
                    </span>
                  </>,
                ],
                [words.issued, day(invoice.issued_on)],
                [words.due, day(invoice.due_on)],
                [words.closed, day(invoice.closed_on)],
                [words.source, <Source key="source" source={invoice.source} />],
                [
                  words.externalId,
                  <span key="external" className="font-mono text-sm text-soft">
                    {invoice.external_id}
                  </span>,
                ],
                [
                  words.id,
                  <span key="id" className="font-mono text-sm break-all text-soft">
                    {invoice.id}
                  </span>,
                ],
              ]}
            />
          </div>
        </Card>
        <div className="flex min-w-0 flex-col gap-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <Items invoice={invoice} />
          <InvoiceMatches invoice={invoice} />
        </div>
        <InvoiceHistory id={invoice.id} />
      </div>
    </>
  )
}
