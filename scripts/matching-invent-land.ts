/** What is particular to a country in invented books. Lists are written with `|` between their parts. */
export interface Land {
  code: string
  currency: string
  /** Where a foreign client's invoice is in another currency. */
  foreign: string
  /** `IBAN18` for an IBAN of that length with the country's code, otherwise a pattern of `#`; empty where banks give none. */
  account: string
  first: string
  last: string
  /** Family name in front, as the billing system holds it. */
  lastFirst?: boolean
  /** Legal forms; those that begin with `^` stand in front. */
  forms: string
  trades: string
  tlds: string
  phone: string
  decimal: ',' | '.'
  /** What payers write in front of an invoice number, of a customer number. */
  invoice: string
  customer: string
  /** What they write that says nothing, and for a part or a rest. */
  generic: string
  part: string
  and: string
  forWhom: string
  months: string
  /** `word in texts = product on the invoice` */
  products: string
  /** Lines that pay nothing. */
  own: string
  salary: string
  tax: string
  rent: string
  refund: string
  fee: string
  interest: string
  cash: string
  topup: string
  person: string
  suppliers: string
  psp: string
  /** Kinds of printed references, see `matching-invent-numbers.ts`. */
  references: string
  numbers?: string
  banks: Layout[]
}

/** How a bank shows a line: `{field}`; a part in brackets is left out if a field in it is empty. */
export interface Layout {
  reference: string
  description: string
  /** Of money that goes out; otherwise as `description`. */
  debit?: string
  name: 'given' | 'none'
  account: 'given' | 'none'
  upper?: boolean
  plain?: boolean
  /** Columns of the payer's words, of the name, of everything. */
  words?: number
  names?: number
  all?: number
  /** A blank after so many columns of the words. */
  wrap?: number
}

export const listOf = (text: string): string[] => text.split('|')
