/** A WHMCS as its module sees it: rows, and what booking does to them. */
export interface FakeWhmcs {
  systemUrl: string
  clients: Map<string, FakeClient>
  invoices: Map<string, FakeInvoice>
  /** `tblaccounts`: every payment there is, in the order it was booked. */
  ledger: FakeTransaction[]
  addClient(client: Partial<FakeClient> & { id: string }): FakeClient
  addInvoice(invoice: Partial<FakeInvoice> & { id: string; total: string }): FakeInvoice
  /** What WHMCS's AddInvoicePayment does, which accepts the same id again. Returns its words where it refuses. */
  addInvoicePayment(payment: {
    invoiceId: string
    transid: string
    amount: string
    date: string
    gateway: string
  }): string | undefined
}

export interface FakeClient {
  id: string
  first_name: string
  last_name: string
  company: string
  email: string
  currency: string
  credit: string
}

export interface FakeInvoice {
  id: string
  number: string
  client_id: string
  status: string
  date: string | null
  due_date: string | null
  date_paid: string | null
  total: string
  currency: string
  items: { type: string; rel_id: string; description: string; amount: string }[]
}

export interface FakeTransaction {
  id: string
  transid: string
  invoice_id: string
  amount_in: string
  amount_out: string
  fees: string
  date: string
  gateway: string
}

/** Cents, as this fake counts: every currency of its tests has two decimals. */
export const cents = (text: string): bigint => BigInt(text.replace('.', ''))
const decimal = (minor: bigint): string =>
  `${minor < 0n ? '-' : ''}${String(minor < 0n ? -minor : minor)
    .padStart(3, '0')
    .replace(/(\d\d)$/, '.$1')}`

export function fakeWhmcs(systemUrl = 'https://whmcs.example/billing'): FakeWhmcs {
  const whmcs: FakeWhmcs = {
    systemUrl,
    clients: new Map(),
    invoices: new Map(),
    ledger: [],
    addClient: (client) => {
      const row = {
        first_name: 'Mary',
        last_name: `Marlow ${client.id}`,
        company: '',
        email: `c${client.id}@example.net`,
        currency: 'EUR',
        credit: '0.00',
        ...client,
      }
      whmcs.clients.set(row.id, row)
      return row
    },
    addInvoice: (invoice) => {
      const row = {
        number: '',
        client_id: '1',
        status: 'Unpaid',
        date: '2025-04-01',
        due_date: '2025-04-15',
        date_paid: null,
        currency: 'EUR',
        items: [{ type: 'Hosting', rel_id: '5', description: 'Hosting S', amount: invoice.total }],
        ...invoice,
      }
      if (!whmcs.clients.has(row.client_id)) whmcs.addClient({ id: row.client_id })
      whmcs.invoices.set(row.id, row)
      return row
    },
    addInvoicePayment: ({ invoiceId, transid, amount, date, gateway }) => {
      const invoice = whmcs.invoices.get(invoiceId)
      if (!invoice) return 'Invoice ID Not Found'
      if (invoice.status === 'Cancelled') return 'It is not possible to add a payment to an invoice that is Cancelled'
      whmcs.ledger.push({
        id: String(whmcs.ledger.length + 1),
        transid,
        invoice_id: invoiceId,
        amount_in: amount,
        amount_out: '0.00',
        fees: '0.00',
        date,
        gateway,
      })
      if (balanceOf(whmcs, invoice) <= 0n) {
        invoice.status = 'Paid'
        invoice.date_paid = date
      }
      return undefined
    },
  }
  return whmcs
}

const paymentsOn = (whmcs: FakeWhmcs, id: string) => whmcs.ledger.filter((row) => row.invoice_id === id)

/** What is owed, in hundredths. */
export const balanceOf = (whmcs: FakeWhmcs, invoice: FakeInvoice): bigint =>
  paymentsOn(whmcs, invoice.id).reduce(
    (left, row) => left - cents(row.amount_in) + cents(row.amount_out),
    cents(invoice.total),
  )

/** The invoice as a push shows it. */
export const pushed = (whmcs: FakeWhmcs, invoice: FakeInvoice) => ({
  ...invoice,
  balance: decimal(balanceOf(whmcs, invoice)),
  credit: '0.00',
  payments: paymentsOn(whmcs, invoice.id),
  updated_at: '2025-04-10 10:00:00',
})
