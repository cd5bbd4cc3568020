import { isDay, readTime } from '../clock.ts'
import type { Form } from '../form.ts'
import { nowIn, settingsOf, todayIn, type Install } from '../install.ts'
import { balanceOf, clientOf, nextNumber, statusDates, useCredit } from '../ledger.ts'
import { ensure } from '../refusal.ts'
import { STATUSES, type Invoice, type Item } from '../rows.ts'
import { immutable } from '../switches.ts'
import { notesOf, totalOf, totalsOf } from '../totals.ts'
import { readLikePhp } from '../money.ts'
import { amountOf, truthy, type Action } from './action.ts'

export const createInvoice: Action = {
  parameters: [
    'userid',
    'status',
    'draft',
    'sendinvoice',
    'paymentmethod',
    'taxrate',
    'taxrate2',
    'date',
    'duedate',
    'notes',
    'itemdescriptionN',
    'itemamountN',
    'itemtaxedN',
    'autoapplycredit',
  ],
  run: (install, form) => {
    const client = install.books.table('clients').get(form.id('userid'))
    ensure(client, 'Client ID Not Found')
    const draft = truthy(install, form, 'draft') || form.text('status') === 'Draft'
    ensure(
      !(draft && truthy(install, form, 'sendinvoice')),
      'Cannot create and send a draft invoice in a single API request. Please create and send separately.',
    )
    const status = draft ? 'Draft' : form.text('status') === '' ? 'Unpaid' : form.text('status')
    const invoice = publish(install, {
      clientId: client.id,
      status: statusOf(status),
      date: dayOf(form, 'date', todayIn(install)),
      duedate: dayOf(form, 'duedate', todayIn(install)),
      paymentmethod: form.text('paymentmethod') === '' ? client.defaultgateway : form.text('paymentmethod'),
      taxrate: form.text('taxrate') === '' ? '0.000' : form.text('taxrate'),
      taxrate2: form.text('taxrate2') === '' ? '0.000' : form.text('taxrate2'),
      notes: form.text('notes'),
      items: numberedItems(install, form),
    })
    if (truthy(install, form, 'autoapplycredit') && invoice.status === 'Unpaid') {
      const held = clientOf(install, client.id).creditMinor
      const total = totalOf(invoice)
      if (held > 0n) useCredit(install, invoice, held < total ? held : total, 'applied')
    }
    return { invoiceid: invoice.id, status: install.books.table('invoices').get(invoice.id)!.status }
  },
}

function numberedItems(install: Install, form: Form): Item[] {
  const numbers = form
    .names()
    .flatMap((name) => /^itemdescription(\d+)$/.exec(name)?.[1] ?? [])
    .map((digits) => Number.parseInt(digits, 10))
    .sort((a, b) => a - b)
  return numbers.map((n, index) => ({
    id: index + 1,
    type: '',
    relid: 0,
    description: form.text(`itemdescription${n}`),
    amountMinor: amountOf(install, form, `itemamount${n}`),
    taxed: truthy(install, form, `itemtaxed${n}`),
  }))
}

/** What a new invoice needs; the rest is derived or filled in. Item ids are given anew, one row of numbers for all invoices. */
export type NewInvoice = Pick<Invoice, 'clientId' | 'status' | 'date' | 'duedate' | 'paymentmethod' | 'items'> &
  Partial<Pick<Invoice, 'id' | 'invoicenum' | 'creditMinor' | 'taxrate' | 'taxrate2' | 'notes' | 'updatedAt'>>

/** Puts an invoice into the books: totals, item ids and, where the install numbers all invoices, its number. */
export function publish(install: Install, fresh: NewInvoice): Invoice {
  const { books } = install
  const { switches } = settingsOf(install)
  const id = fresh.id ?? books.table('invoices').nextId()
  const taxrate = fresh.taxrate ?? '0.000'
  const taxrate2 = fresh.taxrate2 ?? '0.000'
  const numbered = switches.numbering === 'all' && fresh.status !== 'Draft' && (fresh.invoicenum ?? '') === ''
  install.happen({ hook: 'InvoiceCreated', invoiceid: id })
  return books.put('invoices', {
    ...statusDates(install, fresh.status),
    creditMinor: 0n,
    notes: '',
    createdAt: nowIn(install),
    ...fresh,
    id,
    taxrate,
    taxrate2,
    invoicenum: numbered ? nextNumber(install) : (fresh.invoicenum ?? ''),
    items: fresh.items.map((item, index) => ({ ...item, id: id * 1000 + index + 1 })),
    ...totalsOf(fresh.items, taxrate, taxrate2, switches.tax),
  })
}

export const updateInvoice: Action = {
  parameters: [
    'invoiceid',
    'status',
    'paymentmethod',
    'taxrate',
    'taxrate2',
    'credit',
    'date',
    'duedate',
    'datepaid',
    'notes',
    'itemdescription[]',
    'itemamount[]',
    'itemtaxed[]',
    'newitemdescription[]',
    'newitemamount[]',
    'newitemtaxed[]',
    'deletelineids[]',
    'publish',
    'publishandsendemail',
  ],
  run: (install, form) => {
    const { switches } = settingsOf(install)
    const before = install.books.table('invoices').get(form.id('invoiceid'))
    ensure(before, 'Invoice ID Not Found')
    if (form.has('credit')) install.warn('credit in UpdateInvoice is not simulated')
    const items = editedItems(form, before)
    const reworked =
      items !== before.items ||
      ['taxrate', 'taxrate2', 'date', 'duedate', 'paymentmethod'].some((name) => form.has(name))
    const frozen = immutable(switches) && before.status !== 'Draft' && reworked
    const article = /^[AEIOU]/.test(before.status) ? 'an' : 'a'
    ensure(
      !frozen,
      `This is ${article} ${before.status} Invoice. You cannot modify an Invoice that is ${before.status}.`,
    )

    const taxrate = form.text('taxrate') === '' ? before.taxrate : form.text('taxrate')
    const taxrate2 = form.text('taxrate2') === '' ? before.taxrate2 : form.text('taxrate2')
    const changed: Invoice = {
      ...before,
      taxrate,
      taxrate2,
      items,
      ...(reworked ? totalsOf(items, taxrate, taxrate2, switches.tax) : {}),
      paymentmethod: form.text('paymentmethod') === '' ? before.paymentmethod : form.text('paymentmethod'),
      date: dayOf(form, 'date', before.date),
      duedate: dayOf(form, 'duedate', before.duedate),
      notes: form.has('notes') ? form.text('notes') : before.notes,
      updatedAt: nowIn(install),
    }
    install.books.put('invoices', { ...changed, ...newStatus(install, form, changed) })
    return { invoiceid: before.id }
  },
}

/** The status asked for, with the dates and the number that go with it. Setting `Paid` moves no money: that is the trap. */
function newStatus(install: Install, form: Form, invoice: Invoice): Partial<Invoice> {
  const { switches } = settingsOf(install)
  const published = truthy(install, form, 'publish') || truthy(install, form, 'publishandsendemail')
  ensure(!published || invoice.status === 'Draft', 'Invoice must be in Draft status to be published')
  const status = published ? 'Unpaid' : form.text('status') === '' ? invoice.status : statusOf(form.text('status'))
  if (status === invoice.status) return form.has('datepaid') ? { datepaid: timeOf(form) } : {}

  const settled = invoice.status === 'Paid' || invoice.status === 'Refunded'
  ensure(!(status === 'Unpaid' && settled) || switches.reopen === 'accepted', `Invalid status ${status}`)
  if (status === 'Paid') install.warn('status=Paid records no money (9.0 makes a credit note of it)')
  // 9.0 never leaves a balance behind: what is marked paid or cancelled while it is open gets a credit note (reference 2.13).
  const open = balanceOf(install, invoice)
  const noted = switches.version === '9.0' && (status === 'Paid' || status === 'Cancelled') && open > 0n
  if (status === 'Unpaid') install.happen({ hook: 'InvoiceUnpaid', invoiceid: invoice.id })
  if (status === 'Cancelled') install.happen({ hook: 'InvoiceCancelled', invoiceid: invoice.id })
  const numbered =
    invoice.invoicenum === '' &&
    (switches.numbering === 'all' ? status !== 'Draft' : switches.numbering === 'on_payment' && status === 'Paid')
  return {
    ...statusDates(install, status),
    ...(noted ? { creditNotesMinor: notesOf(invoice) + open } : {}),
    ...(form.has('datepaid') ? { datepaid: timeOf(form) } : {}),
    ...(numbered ? { invoicenum: nextNumber(install) } : {}),
  }
}

function editedItems(form: Form, invoice: Invoice): Item[] {
  const [texts, sums, taxes] = [form.array('itemdescription'), form.array('itemamount'), form.array('itemtaxed')]
  const gone = new Set(form.array('deletelineids').values())
  const fresh = [...form.array('newitemdescription')]
  if (texts.size + sums.size + taxes.size + gone.size + fresh.length === 0) return invoice.items
  for (const key of new Set([...texts.keys(), ...sums.keys(), ...taxes.keys()])) {
    ensure(
      texts.has(key) && sums.has(key) && taxes.has(key),
      'Missing Variables: itemdescription, itemamount and itemtaxed are required for each item being changed',
    )
  }
  const highest = Math.max(invoice.id * 1000, ...invoice.items.map((item) => item.id))
  const taxed = (text: string | undefined): boolean => text !== undefined && text !== '' && text !== '0'
  const kept = invoice.items
    .filter((item) => !gone.has(String(item.id)))
    .map((item) => {
      const key = String(item.id)
      if (!texts.has(key)) return item
      return {
        ...item,
        description: texts.get(key)!,
        amountMinor: readLikePhp(sums.get(key)!),
        taxed: taxed(taxes.get(key)),
      }
    })
  const added = fresh.map(([key, description], index) => ({
    id: highest + index + 1,
    type: '',
    relid: 0,
    description,
    amountMinor: readLikePhp(form.array('newitemamount').get(key) ?? ''),
    taxed: taxed(form.array('newitemtaxed').get(key)),
  }))
  return [...kept, ...added]
}

function statusOf(text: string): Invoice['status'] {
  const status = STATUSES.find((known) => known === text)
  ensure(status, `Invalid status ${text}`)
  return status
}

function dayOf(form: Form, name: string, otherwise: string): string {
  if (form.text(name) === '') return otherwise
  ensure(isDay(form.text(name)), 'Date Format is not Valid')
  return form.text(name)
}

function timeOf(form: Form): string {
  const time = readTime(form.text('datepaid'))
  ensure(time, 'Date Format is not Valid')
  return time
}
