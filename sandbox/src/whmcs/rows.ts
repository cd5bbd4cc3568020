/** What the books hold, one interface per table of an install. Amounts are hundredths (money.ts); texts are stored as WHMCS stores
 *  them, entity-encoded unless a seed says `storedRaw`. Times are `YYYY-MM-DD HH:MM:SS` in the install's zone. */

export interface Currency {
  id: number
  code: string
  prefix: string
  suffix: string
  format: number
  rate: string
}

export interface Gateway {
  id: number
  module: string
  displayname: string
}

export interface Client {
  id: number
  firstname: string
  lastname: string
  companyname: string
  email: string
  address1: string
  address2: string
  city: string
  state: string
  postcode: string
  country: string
  phonenumber: string
  taxId: string
  notes: string
  currencyId: number
  defaultgateway: string
  groupid: number
  status: 'Active' | 'Inactive' | 'Closed'
  creditMinor: bigint
  language: string
  datecreated: string
}

export interface Contact {
  id: number
  clientId: number
  firstname: string
  lastname: string
  companyname: string
  email: string
  address1: string
  address2: string
  city: string
  state: string
  postcode: string
  country: string
  phonenumber: string
  createdAt: string
}

export const STATUSES = ['Draft', 'Unpaid', 'Paid', 'Cancelled', 'Refunded', 'Collections', 'Payment Pending'] as const
export type InvoiceStatus = (typeof STATUSES)[number]

export interface Item {
  id: number
  /** `Hosting`, `LateFee`, `AddFunds`, `Invoice` (a mass payment's line) … or empty for a manual line (reference 2.4). */
  type: string
  relid: number
  description: string
  amountMinor: bigint
  taxed: boolean
}

export interface Invoice {
  id: number
  clientId: number
  invoicenum: string
  date: string
  duedate: string
  datepaid: string
  dateRefunded: string
  dateCancelled: string
  items: Item[]
  subtotalMinor: bigint
  taxMinor: bigint
  tax2Minor: bigint
  creditMinor: bigint
  /** Credit notes of 9.0: they lower the balance, and nothing else shows them (reference 2.13). Absent: none. */
  creditNotesMinor?: bigint
  taxrate: string
  taxrate2: string
  status: InvoiceStatus
  paymentmethod: string
  notes: string
  createdAt: string
  updatedAt: string | null
}

/** A row of the ledger (tblaccounts). */
export interface Transaction {
  id: number
  clientId: number
  /** 0: the client's currency. */
  currencyId: number
  gateway: string
  date: string
  description: string
  amountInMinor: bigint
  feesMinor: bigint
  amountOutMinor: bigint
  rate: string
  transid: string
  invoiceId: number
  refundId: number
}

/** A movement of a client's credit: above zero given, below zero used. */
export interface Credit {
  id: number
  clientId: number
  date: string
  description: string
  amountMinor: bigint
  relid: number
}

export interface Tables {
  currencies: Currency
  gateways: Gateway
  clients: Client
  contacts: Contact
  invoices: Invoice
  transactions: Transaction
  credits: Credit
}

export type TableName = keyof Tables
