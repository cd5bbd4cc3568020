import { publish, type NewInvoice } from './actions/invoice-edits.ts'
import { pay } from './actions/payments.ts'
import { localDay, readTime } from './clock.ts'
import { encodeEntities } from './form.ts'
import { nowIn, todayIn, type Install } from './install.ts'
import { balanceOf, moveCredit, statusDates } from './ledger.ts'
import { readExact } from './money.ts'
import type { Client, Contact, Currency, InvoiceStatus } from './rows.ts'

/** Rows to plant, written by hand. Everything but the obvious has a default; amounts are plain decimals (`'120.00'`); days are
 *  `YYYY-MM-DD`. An id that exists is replaced, so a second seed is also how "somebody at the desk changed it" is played. Texts are
 *  entity-encoded on the way in, as WHMCS does; `storedRaw` keeps them as written (an import by another route). */
export interface WhmcsSeed {
  currencies?: SeedCurrency[]
  gateways?: { module: string; displayname: string }[]
  clients?: SeedClient[]
  invoices?: SeedInvoice[]
  /** Booked through the same ledger as API payments, in this order. */
  payments?: SeedPayment[]
  /** Answers of GetConfigurationValue beside the derived ones, or instead of them. */
  configuration?: Record<string, string>
  /** Ids that vanish, as after a merge or a deletion by hand. Removed before anything is planted. */
  remove?: { invoices?: number[]; clients?: number[] }
}

export interface SeedCurrency {
  id?: number
  code: string
  prefix?: string
  suffix?: string
  format?: number
  rate?: string
}

type ClientText = Omit<Client, 'id' | 'currencyId' | 'creditMinor' | 'status' | 'groupid'>

export interface SeedClient extends Partial<ClientText> {
  id?: number
  /** `'Ada Lovelace'`: first word and the rest. Instead of firstname and lastname. */
  name?: string
  /** Code of a known currency; the default currency when absent. */
  currency?: string
  /** Opening credit; only for a client that is new. */
  credit?: string
  status?: Client['status']
  contacts?: Partial<Omit<Contact, 'id' | 'clientId' | 'createdAt'>>[]
  storedRaw?: boolean
}

export interface SeedItem {
  description?: string
  amount: string
  /** `Hosting`, `LateFee`, `AddFunds`, `Invoice` (mass payment; `relid` the original) … Default: a manual line. */
  type?: string
  relid?: number
  taxed?: boolean
}

export interface SeedInvoice {
  id?: number
  client: number
  /** `invoicenum`; empty by default. */
  number?: string
  /** Today by default; due on the same day by default. */
  date?: string
  due?: string
  /** `Unpaid` by default. A `Paid` one for which the seed holds no payment gets one for its balance, transid `SEED-<id>`. */
  status?: InvoiceStatus
  /** One manual line of this amount, in place of `items`. */
  total?: string
  items?: SeedItem[]
  taxrate?: string
  taxrate2?: string
  /** Credit already applied to it, without touching the client's. */
  credit?: string
  paymentmethod?: string
  notes?: string
  /** `null`: an old row without a change marker. */
  updatedAt?: string | null
  storedRaw?: boolean
}

export interface SeedPayment {
  invoice: number
  amount: string
  transid: string
  /** `banktransfer` by default. */
  gateway?: string
  /** Day or `YYYY-MM-DD HH:MM:SS`; now by default. */
  date?: string
  fees?: string
}

/** Plants the seed; call it inside a commit. Returns the ids of the clients and invoices, in the order given.
 *  Throws a RangeError that names the fault; then nothing has been planted. */
export function plant(install: Install, seed: WhmcsSeed): { clients: number[]; invoices: number[] } {
  const { books } = install
  for (const id of seed.remove?.invoices ?? []) books.drop('invoices', id)
  for (const id of seed.remove?.clients ?? []) books.drop('clients', id)
  for (const currency of seed.currencies ?? []) plantCurrency(install, currency)
  for (const gateway of seed.gateways ?? []) {
    const known = books.table('gateways').find(`module:${gateway.module}`)[0]
    books.put('gateways', { id: known?.id ?? books.table('gateways').nextId(), ...gateway })
  }
  if (seed.configuration) {
    books.changeSettings({ configuration: { ...books.settings.configuration, ...seed.configuration } })
  }
  const clients = (seed.clients ?? []).map((client) => plantClient(install, client))
  const paid = new Set((seed.payments ?? []).map((payment) => payment.invoice))
  const invoices = (seed.invoices ?? []).map((invoice) => plantInvoice(install, invoice))
  for (const payment of seed.payments ?? []) plantPayment(install, payment)
  for (const [index, wanted] of (seed.invoices ?? []).entries()) {
    const invoice = books.table('invoices').get(invoices[index]!)!
    const open = balanceOf(install, invoice)
    if (wanted.status === 'Paid' && !paid.has(invoice.id) && open > 0n) {
      plantPayment(install, {
        invoice: invoice.id,
        hundredths: open,
        transid: `SEED-${invoice.id}`,
        date: invoice.date,
      })
    }
    const now = books.table('invoices').get(invoice.id)!
    if (wanted.status && now.status !== wanted.status) {
      books.put('invoices', { ...now, ...statusDates(install, wanted.status) })
    }
  }
  return { clients, invoices }
}

function plantCurrency(install: Install, { id, ...currency }: SeedCurrency): void {
  const table = install.books.table('currencies')
  const row: Currency = {
    id: id ?? table.find(`code:${currency.code}`)[0]?.id ?? table.nextId(),
    prefix: '',
    suffix: ` ${currency.code}`,
    format: 1,
    rate: '1.00000',
    ...currency,
  }
  install.books.put('currencies', row)
}

function plantClient(install: Install, seed: SeedClient): number {
  const { books } = install
  const { id: wanted, name, currency, credit, status, contacts, storedRaw, ...texts } = seed
  const id = wanted ?? books.table('clients').nextId()
  const before = books.table('clients').get(id)
  const [first, ...rest] = (name ?? 'Client').split(' ')
  const currencyRow =
    currency === undefined ? books.table('currencies').all()[0] : books.table('currencies').find(`code:${currency}`)[0]
  if (!currencyRow) throw new RangeError(`client ${id}: currency ${currency} is not among the install's currencies`)
  books.put('clients', {
    ...encoded(
      {
        firstname: first!,
        lastname: rest.join(' '),
        companyname: '',
        email: `client${id}@example.com`,
        address1: '',
        address2: '',
        city: '',
        state: '',
        postcode: '',
        country: 'US',
        phonenumber: '',
        taxId: '',
        notes: '',
        defaultgateway: '',
        language: 'english',
        datecreated: todayIn(install),
        ...texts,
      },
      storedRaw,
    ),
    id,
    currencyId: currencyRow.id,
    groupid: 0,
    status: status ?? 'Active',
    creditMinor: before?.creditMinor ?? 0n,
  })
  if (credit !== undefined && !before) {
    moveCredit(install, id, exact(credit), { description: 'Opening credit', cause: 'opening' })
  }
  for (const contact of contacts ?? []) plantContact(install, id, contact, storedRaw)
  return id
}

function plantContact(
  install: Install,
  clientId: number,
  contact: Partial<Omit<Contact, 'id' | 'clientId' | 'createdAt'>>,
  storedRaw?: boolean,
): void {
  const blank = {
    firstname: '',
    lastname: '',
    companyname: '',
    email: '',
    address1: '',
    address2: '',
    city: '',
    state: '',
    postcode: '',
    country: '',
    phonenumber: '',
  }
  const id = install.books.table('contacts').nextId()
  const texts = encoded({ ...blank, ...contact }, storedRaw)
  install.books.put('contacts', { ...texts, id, clientId, createdAt: nowIn(install) })
}

function plantInvoice(install: Install, seed: SeedInvoice): number {
  const { books } = install
  if (!books.table('clients').get(seed.client))
    throw new RangeError(`invoice for client ${seed.client}, who does not exist`)
  const day = localDay(books.settings.clock)
  const items = seed.items ?? [{ amount: seed.total ?? '0.00', description: 'Services' }]
  const text = (value: string): string => (seed.storedRaw ? value : encodeEntities(value))
  const fresh: Partial<NewInvoice> = {
    ...(seed.id === undefined ? {} : { id: seed.id }),
    ...(seed.updatedAt === undefined ? {} : { updatedAt: seed.updatedAt }),
    ...(seed.taxrate === undefined ? {} : { taxrate: seed.taxrate }),
    ...(seed.taxrate2 === undefined ? {} : { taxrate2: seed.taxrate2 }),
    invoicenum: seed.number ?? '',
    notes: text(seed.notes ?? ''),
    creditMinor: exact(seed.credit ?? '0.00'),
  }
  const invoice = publish(install, {
    ...fresh,
    clientId: seed.client,
    // A paid one begins open, so that its payments settle it as they would have.
    status: seed.status === 'Paid' ? 'Unpaid' : (seed.status ?? 'Unpaid'),
    date: seed.date ?? day,
    duedate: seed.due ?? seed.date ?? day,
    paymentmethod: seed.paymentmethod ?? 'banktransfer',
    items: items.map((item) => ({
      id: 0,
      type: item.type ?? '',
      relid: item.relid ?? 0,
      description: text(item.description ?? ''),
      amountMinor: exact(item.amount),
      taxed: item.taxed ?? false,
    })),
  })
  return invoice.id
}

function plantPayment(
  install: Install,
  seed: Omit<SeedPayment, 'amount'> & ({ amount: string } | { hundredths: bigint }),
): void {
  const invoice = install.books.table('invoices').get(seed.invoice)
  if (!invoice) throw new RangeError(`payment on invoice ${seed.invoice}, which does not exist`)
  const date = seed.date === undefined ? nowIn(install) : readTime(seed.date)
  if (date === null) throw new RangeError(`payment on invoice ${seed.invoice}: ${seed.date} is no day`)
  pay(install, invoice, {
    amountMinor: 'amount' in seed ? exact(seed.amount) : seed.hundredths,
    feesMinor: exact(seed.fees ?? '0.00'),
    transid: encodeEntities(seed.transid),
    gateway: seed.gateway ?? 'banktransfer',
    date,
  })
}

function encoded<Texts extends object>(texts: Texts, storedRaw = false): Texts {
  if (storedRaw) return texts
  const entries = Object.entries(texts).map(([key, text]) => [
    key,
    typeof text === 'string' ? encodeEntities(text) : text,
  ])
  return Object.fromEntries(entries) as Texts
}

function exact(amount: string): bigint {
  const hundredths = readExact(amount)
  if (hundredths === null) throw new RangeError(`${JSON.stringify(amount)} is no amount such as "120.00"`)
  return hundredths
}
