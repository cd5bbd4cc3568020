import type { Invoice, Transaction } from '@payymo/sdk'
import type { ReactNode } from 'react'
import { useWords } from '../../app/words.tsx'
import { Badge, type Tone } from '../../design/badge.tsx'
import { useFormats } from '../../design/format.ts'
import { type Comparison, compare, nameOf, textOf } from './compare.ts'
import { type Agreement, Marked, Sign } from './marked.tsx'
import { compareAmounts, sumOf } from '../../design/money.ts'
import type { Proposal } from './proposals.ts'

/** The bank's line and the invoice, face to face: each fact beside its counterpart, and whether they agree. Where it is narrow the
 *  line stands above the invoice. */
export function Face({
  line,
  proposal,
  invoices,
  booked,
}: {
  line: Transaction
  proposal: Proposal | undefined
  invoices: ReadonlyMap<string, Invoice>
  /** The money stands on the invoices. */
  booked: boolean
}) {
  const allocations = proposal?.allocations ?? []
  const known = allocations.flatMap(({ invoice_id }) => invoices.get(invoice_id) ?? [])
  const compared = compare(line, known, allocations, booked)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 md:grid-cols-2 md:grid-rows-[auto_repeat(5,auto)] md:gap-x-9 md:gap-y-0">
      <LineSide line={line} compared={compared} />
      {proposal ? <InvoiceSide proposal={proposal} known={known} compared={compared} booked={booked} /> : <NoInvoice />}
    </div>
  )
}

const SIDE =
  'rounded-xl border border-line bg-surface md:row-span-6 md:grid md:grid-cols-[minmax(0,1fr)] md:grid-rows-subgrid divide-y divide-line'

function LineSide({ line, compared }: { line: Transaction; compared: Comparison }) {
  const words = useWords().review
  const formats = useFormats()
  const text = textOf(line)
  return (
    <section aria-label={words.line} className={SIDE}>
      <Head title={words.line} aside={`${line.bank_name} · ${line.account_name}`} />
      <Fact name={words.facts.amount}>
        <span className="tabular text-xl font-semibold tracking-tight">
          {formats.amount(line.amount, line.currency)}
        </span>
      </Fact>
      <Fact name={words.facts.name}>
        {line.counterparty.name === '' ? (
          <Faint>{words.noName}</Faint>
        ) : (
          <Marked text={line.counterparty.name} ranges={compared.name.line} />
        )}
        {line.counterparty.iban_last4 !== null && <Sub>···· {line.counterparty.iban_last4}</Sub>}
      </Fact>
      <Fact name={words.facts.text}>
        {text === '' ? <Faint>{words.noText}</Faint> : <Marked text={text} ranges={compared.text} />}
      </Fact>
      <Fact name={words.facts.date}>{formats.day(line.transaction_date)}</Fact>
      <Fact name={words.facts.note}>{line.note === null ? <Faint>–</Faint> : line.note}</Fact>
    </section>
  )
}

const STATUS_TONES: Partial<Record<Invoice['status'], Tone>> = { unpaid: 'info', paid: 'good', collections: 'warn' }

function InvoiceSide({
  proposal,
  known,
  compared,
  booked,
}: {
  proposal: Proposal
  known: readonly Invoice[]
  compared: Comparison
  booked: boolean
}) {
  const words = useWords().review
  const formats = useFormats()
  const [only] = known
  const one = proposal.allocations.length === 1
  const title = one
    ? words.invoiceOf(only ? nameOf(only) : (proposal.allocations[0]!.invoice_number ?? '…'))
    : words.invoices(proposal.allocations.length)
  const currency = proposal.allocations[0]!.currency
  const { amount, day, number } = compared
  const given = sumOf(proposal.allocations.map((one) => one.amount))
  const clients = [...new Map(known.map(({ client }) => [client.id, client])).values()]
  return (
    <section aria-label={words.invoice} className={SIDE}>
      <Head
        title={title}
        aside={one && only && <Badge tone={STATUS_TONES[only.status] ?? 'neutral'}>{words.status[only.status]}</Badge>}
      />
      <Fact name={words.facts.amount} agreement={amount.agreement}>
        <span className="tabular text-xl font-semibold tracking-tight">{formats.amount(amount.open, currency)}</span>
        <span className="ml-1.5 text-sm text-faint">
          {!booked && words.open}
          {one &&
            only &&
            only.total !== (booked ? given : only.balance) &&
            ` ${words.of(formats.amount(only.total, currency))}`}
        </span>
        {compareAmounts(given, amount.open) !== 0 && (
          <span className="block font-medium">{words.gets(formats.amount(given, currency))}</span>
        )}
        {amount.state === 'currency' && <Differs>{words.differs.currency}</Differs>}
        {(amount.state === 'less' || amount.state === 'more') && (
          <Differs>{words.differs[amount.state](formats.amount(amount.difference, currency))}</Differs>
        )}
      </Fact>
      <Fact name={words.facts.client} agreement={compared.name.agreement}>
        {clients.length > 1 ? (
          words.severalClients
        ) : (
          <>
            <Marked text={clients[0]?.name ?? ''} ranges={compared.name.client(clients[0]?.name ?? '')} />
            {clients[0] !== undefined && clients[0].company !== '' && (
              <Sub>
                <Marked text={clients[0].company} ranges={compared.name.client(clients[0].company)} />
              </Sub>
            )}
          </>
        )}
      </Fact>
      <Fact name={words.facts.number} agreement={number.agreement}>
        <div className="flex flex-wrap gap-x-3 font-medium">
          {known.map((invoice) => (
            <span key={invoice.id} className="whitespace-nowrap">
              <Marked text={nameOf(invoice)} ranges={number.ofInvoice.get(invoice.id) ?? []} />
              {number.byOtherId.has(invoice.id) && (
                <span className="ml-1.5 font-normal">
                  <Marked
                    text={invoice.external_id}
                    ranges={[{ from: 0, to: invoice.external_id.length, kind: 'same' }]}
                  />
                </span>
              )}
              {!one && (
                <span className="ml-1.5 tabular font-normal text-soft">
                  {formats.amount(
                    proposal.allocations.find(({ invoice_id }) => invoice_id === invoice.id)?.amount ?? '0',
                    currency,
                  )}
                </span>
              )}
            </span>
          ))}
        </div>
        {known.length > 0 && number.state !== 'named' && <Sub>{words.differs[number.state]}</Sub>}
      </Fact>
      <Fact name={words.facts.date} agreement={day.agreement}>
        {known.length > 0 && <Days invoices={known} />}
        {day.state !== 'unknown' && (
          <Sub>{day.state === 'same' ? words.differs.same : words.differs[day.state](day.days)}</Sub>
        )}
      </Fact>
      <Fact name={words.facts.for}>
        <Items invoices={known} />
      </Fact>
    </section>
  )
}

function Days({ invoices }: { invoices: readonly Invoice[] }) {
  const words = useWords().review
  const formats = useFormats()
  const issued = invoices.map((invoice) => invoice.issued_on).filter((day) => day !== null)
  const due = invoices.map((invoice) => invoice.due_on).filter((day) => day !== null)
  const from = issued.sort().at(-1)
  const until = due.sort()[0]
  return [
    from === undefined ? undefined : words.issued(formats.day(from)),
    until === undefined ? words.noDue : words.due(formats.day(until)),
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}

const ITEMS_SHOWN = 3

function Items({ invoices }: { invoices: readonly Invoice[] }) {
  const items = invoices.flatMap((invoice) => invoice.items.map(({ description }) => description))
  if (items.length === 0) return <Faint>–</Faint>
  return (
    <ul>
      {items.slice(0, ITEMS_SHOWN).map((item, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- two lines of an invoice may read the same
        <li key={at} className="truncate text-soft" title={item}>
          {item}
        </li>
      ))}
      {items.length > ITEMS_SHOWN && <li className="text-faint">+{items.length - ITEMS_SHOWN}</li>}
    </ul>
  )
}

function NoInvoice() {
  const words = useWords().review
  return (
    <section
      aria-label={words.invoice}
      className="flex flex-col items-center justify-center gap-1.5 rounded-xl border border-dashed border-line-strong p-6 text-center md:row-span-6"
    >
      <p className="text-lg font-semibold">{words.noInvoice}</p>
      <p className="max-w-[38ch] text-soft">{words.noInvoiceText}</p>
    </section>
  )
}

const Head = ({ title, aside }: { title: string; aside: ReactNode }) => (
  <header className="flex min-h-11 items-center justify-between gap-3 px-4 py-2">
    <h3 className="max-w-[70%] shrink-0 truncate font-semibold">{title}</h3>
    <span className="min-w-0 truncate text-sm text-faint">{aside}</span>
  </header>
)

const Fact = ({ name, agreement, children }: { name: string; agreement?: Agreement; children: ReactNode }) => (
  <div className="relative flex min-h-11 items-start gap-3 px-4 py-2.5">
    <span className="w-16 shrink-0 pt-0.5 text-sm text-faint">{name}</span>
    <div className="min-w-0 flex-1 break-words">{children}</div>
    {agreement !== undefined && (
      // Between the two sides, where there are two.
      <span className="flex md:absolute md:top-2.5 md:-left-7.25">
        <Sign agreement={agreement} />
      </span>
    )}
  </div>
)

const Sub = ({ children }: { children: ReactNode }) => <span className="block text-sm text-faint">{children}</span>
const Faint = ({ children }: { children: ReactNode }) => <span className="text-faint">{children}</span>
const Differs = ({ children }: { children: ReactNode }) => (
  <span className="block text-sm font-medium text-warn">{children}</span>
)
