import { assert } from '../../base/errors.ts'
import { decimalsOf, formatAmount } from '../../base/money.ts'
import {
  type BilledClient,
  type BilledInvoice,
  type BilledPayment,
  type BilledStatus,
  BillingError,
  type BillingSystem,
  type ListedInvoice,
  type SendOutcome,
} from '../billing-system.ts'
import type { WhmcsClient } from './client.ts'
import { billedPayment, getCredit, readLedger } from './ledger.ts'
import {
  day,
  digestOf,
  idText,
  money,
  neededId,
  plainText,
  refuse,
  type Row,
  rowsOf,
  wholeNumber,
} from './normalise.ts'

/** The stored words of WHMCS, exact to the space. `Overdue` is a filter and never stored. Source: reference, WHMCS 2.1. */
const WORDS: Record<BilledStatus, string> = {
  draft: 'Draft',
  unpaid: 'Unpaid',
  payment_pending: 'Payment Pending',
  paid: 'Paid',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
  collections: 'Collections',
}
const STATUSES = new Map(Object.entries(WORDS).map(([status, word]) => [word, status as BilledStatus]))
const OPEN: ReadonlySet<BilledStatus> = new Set(['unpaid', 'payment_pending', 'collections'])

const PAGE_ROWS = 250
/** Pages overlap, since a row that leaves the list while we page moves all later ones up. */
const OVERLAP_ROWS = 10
const PAGES_MAX = 8_000
/** A payment counts even where its day cannot be read. */
export const NO_DAY = '1970-01-01'

/** E-mail addresses stand in no list of invoices. */
export interface ClientDirectory {
  /** All clients, in pages. Throws BillingError, `permission_denied` where no role allows it. */
  listClients(): AsyncIterable<BilledClient[]>
}

/** BillingSystem over the API of one WHMCS installation. Open invoices are listed by rising id; closed ones newest first, so
 *  that a caller who wants the last year may stop. A row that cannot be read is left out and told to `report`. */
export function createWhmcsSystem(
  client: WhmcsClient,
  report: (error: BillingError) => void,
): BillingSystem & ClientDirectory {
  return {
    listClients: () => listClients(client),
    listInvoices: (status) => listInvoices(client, report, status),
    getInvoice: async (externalId, currency) => {
      const row = await invoiceRow(client, externalId)
      return row && billedInvoice(row, externalId, currency)
    },
    findPayments: (transid, currency) => findPayments(client, transid, currency),
    addPayment: async (payment) => {
      const { invoiceExternalId, transid, amountMinor, currency, paidOn, paymentMethod } = payment
      const { feesMinor = null, confirmationEmail = true } = payment
      // An amount that is left out or 0 would pay the whole balance.
      assertSendable(transid, amountMinor)
      assert(/^\d{4}-\d{2}-\d{2}$/.test(paidOn), 'a payment has a day')
      assert(feesMinor === null || feesMinor >= 0n, 'a fee is kept, not given')
      return (
        beyondHundredths(amountMinor, currency) ??
        feeBeyondHundredths(feesMinor ?? 0n, currency) ??
        client.write('AddInvoicePayment', {
          invoiceid: invoiceExternalId,
          transid,
          gateway: paymentMethod,
          date: `${paidOn} 00:00:00`,
          amount: formatAmount(amountMinor, currency),
          ...(feesMinor === null ? {} : { fees: formatAmount(feesMinor, currency) }),
          // Left out it means that WHMCS does as its own settings say.
          ...(confirmationEmail ? {} : { noemail: 'true' }),
        })
      )
    },
    getLedger: async (invoiceExternalId, currency) => {
      const row = await invoiceRow(client, invoiceExternalId)
      return row && readLedger(row, billedInvoice(row, invoiceExternalId, currency), currency)
    },
    getCredit: (clientExternalId, currency) => getCredit(client, clientExternalId, currency),
    takeMoneyOut: async ({ invoiceExternalId, transid, amountMinor, currency, paymentMethod, description }) => {
      assertSendable(transid, amountMinor)
      // No date: here it would have to be in the format of the installation, and without one it is today (reference 1.8). A
      // negative AddInvoicePayment is no refund (reference 2.7).
      return (
        beyondHundredths(amountMinor, currency) ??
        client.write('AddTransaction', {
          paymentmethod: paymentMethod,
          invoiceid: invoiceExternalId,
          transid,
          description,
          amountout: formatAmount(amountMinor, currency),
        })
      )
    },
    reopenInvoice: (invoiceExternalId) =>
      client.write('UpdateInvoice', { invoiceid: invoiceExternalId, status: WORDS.unpaid }),
    removeCredit: async ({ clientExternalId, amountMinor, currency, description }) => {
      assert(amountMinor > 0n, 'credit is taken in amounts above zero')
      return (
        beyondHundredths(amountMinor, currency) ??
        client.write('AddCredit', {
          clientid: clientExternalId,
          description,
          amount: formatAmount(amountMinor, currency),
          type: 'remove',
        })
      )
    },
  }
}

function assertSendable(transid: string, amountMinor: bigint): void {
  assert(amountMinor > 0n, 'a payment is above zero')
  assert(/^[A-Za-z0-9_.:-]{1,64}$/.test(transid), 'WHMCS gives back the transid as it was sent')
}

/** WHMCS keeps two decimals: what it cannot hold is refused before it is sent. */
function beyondHundredths(amountMinor: bigint, currency: string): SendOutcome | undefined {
  const beyond = decimalsOf(currency) - 2
  if (beyond <= 0 || amountMinor % 10n ** BigInt(beyond) === 0n) return undefined
  const message = `WHMCS keeps two decimals; ${formatAmount(amountMinor, currency)} ${currency} has more.`
  return { outcome: 'refused', code: 'amount_not_representable', message }
}

function feeBeyondHundredths(feesMinor: bigint, currency: string): SendOutcome | undefined {
  const refused = beyondHundredths(feesMinor, currency)
  const message = `WHMCS keeps two decimals; the fee of ${formatAmount(feesMinor, currency)} ${currency} has more.`
  return refused && { outcome: 'refused', code: 'fee_not_representable', message }
}

async function* listClients(client: WhmcsClient): AsyncGenerator<BilledClient[]> {
  let offset = 0
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const parameters = { limitstart: String(offset), limitnum: String(PAGE_ROWS) }
    const answer = await client.read('GetClients', parameters, 'clients')
    const rows = rowsOf(answer.clients, 'client')
    if (rows.length === 0) return
    yield rows.map((row) => ({ externalId: neededId(row, 'id'), ...namesOf(row) }))
    offset += rows.length
    if (offset >= (wholeNumber(answer, 'totalresults') ?? Number.POSITIVE_INFINITY)) return
  }
}

const namesOf = (row: Row) => ({
  name: `${plainText(row.firstname).trim()} ${plainText(row.lastname).trim()}`.trim(),
  company: plainText(row.companyname).trim(),
  email: plainText(row.email).trim(),
})

async function* listInvoices(
  client: WhmcsClient,
  report: (error: BillingError) => void,
  status: BilledStatus,
): AsyncGenerator<ListedInvoice[]> {
  const seen = new Set<string>()
  let offset = 0
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const answer = await client.read(
      'GetInvoices',
      {
        status: WORDS[status],
        orderby: 'id',
        order: OPEN.has(status) ? 'asc' : 'desc',
        limitstart: String(offset),
        limitnum: String(PAGE_ROWS),
      },
      'invoices',
    )
    const rows = rowsOf(answer.invoices, 'invoice')
    const total = wholeNumber(answer, 'totalresults')
    if (rows.length === 0 && offset === 0 && (total ?? 0) > 0) refuse('invoices')
    const fresh = rows.filter((row) => {
      const id = neededId(row, 'id')
      return !seen.has(id) && seen.add(id)
    })
    const listed = fresh.flatMap((row) => listedInvoice(row, report))
    if (listed.length > 0) yield listed
    const end = offset + rows.length
    if (rows.length === 0 || (total !== undefined && end >= total)) return
    // The same rows once more although there should be others: paging does not work, and stopping would hide invoices.
    if (fresh.length === 0) {
      if (total === undefined) return
      refuse('limitstart')
    }
    offset += Math.max(1, rows.length - OVERLAP_ROWS)
  }
  throw new BillingError('answer_too_large', 'WHMCS lists more invoices than can be read.', { temporary: false })
}

function listedInvoice(row: Row, report: (error: BillingError) => void): ListedInvoice[] {
  try {
    const status = statusOf(row)
    const currency = plainText(row.currencycode).trim().toUpperCase() || refuse('currencycode')
    return [
      {
        externalId: neededId(row, 'id'),
        client: { externalId: neededId(row, 'userid'), ...namesOf(row) },
        number: plainText(row.invoicenum).trim(),
        status,
        totalMinor: money(row, 'total', currency),
        currency,
        issuedOn: day(row, 'date'),
        dueOn: day(row, 'duedate'),
        closedOn: closedOn(row, status),
        digest: digestOf(row),
      },
    ]
  } catch (error) {
    if (!(error instanceof BillingError)) throw error
    report(error)
    return []
  }
}

function closedOn(row: Row, status: BilledStatus): string | null {
  if (status === 'paid') return day(row, 'datepaid')
  if (status === 'cancelled') return day(row, 'date_cancelled')
  if (status === 'refunded') return day(row, 'date_refunded') ?? day(row, 'datepaid')
  return null
}

/** The status of an invoice from WHMCS's word for it. Throws `unreadable` for any other word. */
export const statusOf = (row: Row): BilledStatus => STATUSES.get(plainText(row.status).trim()) ?? refuse('status')

/** The invoice as WHMCS answers it; undefined when there is none. */
async function invoiceRow(client: WhmcsClient, externalId: string): Promise<Row | undefined> {
  try {
    return await client.read('GetInvoice', { invoiceid: externalId }, 'invoiceid')
  } catch (error) {
    const missing = error instanceof BillingError && error.code === 'business' && /not found/i.test(error.message)
    if (missing) return undefined
    throw error
  }
}

function billedInvoice(row: Row, externalId: string, currency: string): BilledInvoice {
  if (neededId(row, 'invoiceid') !== externalId) refuse('invoiceid')
  // `status` of the invoice and a failure's `status: error` share a name; the invoice's own word is one of seven.
  const status = statusOf(row)
  const items = rowsOf(row.items, 'item')
  const contained = items.length > 0 && items.every((item) => item.type === 'Invoice')
  return {
    externalId,
    number: plainText(row.invoicenum).trim(),
    status,
    totalMinor: money(row, 'total', currency),
    balanceMinor: money(row, 'balance', currency),
    issuedOn: day(row, 'date'),
    dueOn: day(row, 'duedate'),
    items: items.map((item) => ({
      description: plainText(item.description).trim(),
      amountMinor: money(item, 'amount', currency, true),
    })),
    collects: contained ? items.flatMap((item) => idText(item, 'relid') ?? []) : [],
    payments: rowsOf(row.transactions, 'transaction').map((each) => billedPayment(each, currency)),
  }
}

/** WHMCS looks ids up without regard to case and blanks, and an install that ignored the filter would send its whole table:
 *  what counts is compared here, exactly. */
async function findPayments(client: WhmcsClient, transid: string, currency: string): Promise<BilledPayment[]> {
  const answer = await client.read('GetTransactions', { transid }, 'transactions')
  const rows = rowsOf(answer.transactions, 'transaction')
  // There is no paging here: fewer rows than promised means that some were not understood.
  if ((wholeNumber(answer, 'totalresults') ?? 0) > rows.length) refuse('transactions')
  return rows.filter((row) => plainText(row.transid) === transid).map((row) => billedPayment(row, currency))
}
