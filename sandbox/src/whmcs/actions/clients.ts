import { list, type Answer } from '../answer.ts'
import { settingsOf, todayIn, type Install } from '../install.ts'
import { balanceOf, currencyCode } from '../ledger.ts'
import { money } from '../money.ts'
import { ensure } from '../refusal.ts'
import type { Client, Contact } from '../rows.ts'
import { page, truthy, type Action } from './action.ts'

type Sortable = 'firstname' | 'lastname' | 'companyname' | 'email' | 'datecreated' | 'status'
const SORTABLE: Sortable[] = ['firstname', 'lastname', 'companyname', 'email', 'datecreated', 'status']

export const getClients: Action = {
  parameters: ['limitstart', 'limitnum', 'sorting', 'status', 'search', 'orderby'],
  run: (install, form) => {
    const wanted = form.text('search').toLowerCase()
    const rows = install.books
      .table('clients')
      .all()
      .filter((client) => form.text('status') === '' || client.status === form.text('status'))
      .filter((client) =>
        [
          client.email,
          client.firstname,
          client.lastname,
          `${client.firstname} ${client.lastname}`,
          client.companyname,
        ].some((text) => text.toLowerCase().startsWith(wanted)),
      )
    const key = SORTABLE.find((name) => name === form.text('orderby').toLowerCase())
    const sign = form.text('sorting').toUpperCase() === 'DESC' ? -1 : 1
    rows.sort((a, b) => sign * ((key ? a[key].localeCompare(b[key]) : 0) || a.id - b.id))
    const shown = page(install, form, rows)
    const answers = shown.rows.map((client) => ({
      id: client.id,
      firstname: client.firstname,
      lastname: client.lastname,
      companyname: client.companyname,
      email: client.email,
      datecreated: client.datecreated,
      groupid: client.groupid,
      status: client.status,
    }))
    return { ...shown.counts, ...list(settingsOf(install).switches, 'clients', 'client', answers) }
  },
}

export const getClientsDetails: Action = {
  parameters: ['clientid', 'email', 'stats'],
  run: (install, form) => {
    const { books } = install
    ensure(form.text('clientid') !== '' || form.text('email') !== '', 'Either clientid Or email Is Required')
    const client =
      form.text('clientid') === ''
        ? books.table('clients').find(`email:${form.text('email').toLowerCase()}`)[0]
        : books.table('clients').get(form.id('clientid'))
    ensure(client, 'Client Not Found')
    const details = detailsOf(install, client)
    // The same fields once more at top level: deprecated, still there.
    return {
      client: details,
      ...details,
      ...(truthy(install, form, 'stats') ? { stats: statsOf(install, client) } : {}),
    }
  },
}

function detailsOf(install: Install, client: Client): Answer {
  const fullname = `${client.firstname} ${client.lastname}`
  return {
    userid: client.id,
    id: client.id,
    client_id: client.id,
    owner_user_id: client.id,
    uuid: `00000000-0000-4000-8000-${String(client.id).padStart(12, '0')}`,
    firstname: client.firstname,
    lastname: client.lastname,
    fullname,
    companyname: client.companyname,
    email: client.email,
    address1: client.address1,
    address2: client.address2,
    city: client.city,
    fullstate: client.state,
    state: client.state,
    statecode: client.state,
    postcode: client.postcode,
    countrycode: client.country,
    country: client.country,
    countryname: client.country,
    phonenumber: client.phonenumber,
    phonecc: '',
    phonenumberformatted: client.phonenumber,
    telephoneNumber: client.phonenumber,
    tax_id: client.taxId,
    email_preferences: { general: '1', invoice: '1', support: '1', product: '1', domain: '1', affiliate: '1' },
    billingcid: 0,
    notes: client.notes,
    currency: client.currencyId,
    currency_code: currencyCode(install, client.id),
    defaultgateway: client.defaultgateway,
    groupid: client.groupid,
    status: client.status,
    credit: money(client.creditMinor),
    taxexempt: false,
    latefeeoveride: false,
    overideduenotices: false,
    separateinvoices: false,
    disableautocc: false,
    emailoptout: false,
    marketing_emails_opt_in: false,
    isOptedInToMarketingEmails: false,
    overrideautoclose: false,
    allowSingleSignOn: 1,
    email_verified: false,
    language: client.language,
    lastlogin: 'No Login Logged',
    customfields: [],
    users: { user: [{ id: client.id, name: fullname, email: client.email, is_owner: true }] },
  }
}

/** Display strings, as `"$2645.80 USD"`: nobody should compute with them. */
function statsOf(install: Install, client: Client): Answer {
  const currency = install.books.table('currencies').get(client.currencyId)
  const shown = (hundredths: bigint): string => `${currency?.prefix ?? ''}${money(hundredths)}${currency?.suffix ?? ''}`
  const invoices = install.books.table('invoices').find(`client:${client.id}`)
  const figures = (wanted: (status: string, due: string) => boolean): [number, string] => {
    const rows = invoices.filter((invoice) => wanted(invoice.status, invoice.duedate))
    return [rows.length, shown(rows.reduce((sum, row) => sum + balanceOf(install, row), 0n))]
  }
  const today = todayIn(install)
  const [due, dueSum] = figures((status) => status === 'Unpaid')
  const [overdue, overdueSum] = figures((status, day) => status === 'Unpaid' && day < today)
  const count = (status: string): number => figures((other) => other === status)[0]
  return {
    numdueinvoices: due,
    dueinvoicesbalance: dueSum,
    incredit: client.creditMinor > 0n,
    creditbalance: shown(client.creditMinor),
    numunpaidinvoices: due,
    unpaidinvoicesamount: dueSum,
    numoverdueinvoices: overdue,
    overdueinvoicesbalance: overdueSum,
    numDraftInvoices: count('Draft'),
    numpaidinvoices: count('Paid'),
    numcancelledinvoices: count('Cancelled'),
    numrefundedinvoices: count('Refunded'),
    numcollectionsinvoices: count('Collections'),
    numpaymentpendinginvoices: count('Payment Pending'),
  }
}

const CONTACT_FIELDS = [
  'firstname',
  'lastname',
  'companyname',
  'email',
  'address1',
  'address2',
  'city',
  'state',
  'postcode',
  'country',
  'phonenumber',
] as const

export const getContacts: Action = {
  parameters: ['limitstart', 'limitnum', 'userid', ...CONTACT_FIELDS],
  run: (install, form) => {
    const table = install.books.table('contacts')
    const rows = (form.id('userid') === 0 ? table.all() : table.find(`client:${form.id('userid')}`)).filter((contact) =>
      CONTACT_FIELDS.every((name) => form.text(name) === '' || contact[name] === form.text(name)),
    )
    const shown = page(
      install,
      form,
      rows.sort((a, b) => a.id - b.id),
    )
    return { ...shown.counts, ...list(settingsOf(install).switches, 'contacts', 'contact', shown.rows.map(contactRow)) }
  },
}

/** The official sample has no `companyname` in the rows, although it is a filter (reference 2.9). */
function contactRow(contact: Contact): Answer {
  const { clientId, companyname: _absent, createdAt, ...plain } = contact
  return {
    ...plain,
    userid: clientId,
    domainemails: 0,
    generalemails: 0,
    invoiceemails: 0,
    productemails: 0,
    supportemails: 0,
    affiliateemails: 0,
    created_at: createdAt,
    updated_at: createdAt,
  }
}
