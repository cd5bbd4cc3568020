import type { DateFormat } from './clock.ts'
import { SITES, type Site } from './site.ts'

/** Behaviours in which installs differ, or about which nobody is sure (reference 2.12). The first value is the default. */
export interface Switches {
  /** `9.0` makes published invoices immutable; `7.10` has no WhmcsDetails and says `Authentication Failed`. */
  version: '8.13' | '9.0' | '7.10'
  /** What stands where a list has no rows: `""`, `[]`, `{}`, no key at all, or the wrapper with an empty inner array. */
  emptyList: 'string' | 'array' | 'object' | 'missing' | 'inner'
  /** A list of rows: an array; a bare object when there is one row; or an object with the keys 0, 1, …. */
  rows: 'array' | 'bare' | 'numbered'
  numbers: 'documented' | 'strings'
  /** `version`: as the version says. */
  credentialError: 'version' | 'Invalid or missing credentials' | 'Authentication Failed'
  paymentDate: 'optional' | 'required'
  draftPayment: 'refused' | 'accepted'
  unknownGateway: 'accepted' | 'refused'
  /** What becomes of a payment on an invoice that is paid; for 9.0 nobody knows. */
  paidPayment: 'credit' | 'refused'
  numbering: 'none' | 'on_payment' | 'all'
  /** Tags {YEAR} {MONTH} {DAY} {NUMBER}. */
  numberFormat: string
  dateFormat: DateFormat
  tax: 'exclusive' | 'inclusive'
  /** 9.0 has an option that turns immutability off, deprecated from its first day. */
  immutability: 'version' | 'off'
  /** Whether UpdateInvoice may set a settled invoice back to Unpaid; for 9.0 nobody knows. */
  reopen: 'accepted' | 'refused'
  /** Whether AddTransaction may book money out on a published invoice; for 9.0, where those are immutable, nobody knows. There it may
   *  also be that a credit note follows by itself, after which nothing is owed. */
  moneyOut: 'accepted' | 'refused' | 'credit_note'
  /** Where credit used on an invoice shows: in `credit` and `total`, or, as 9.0 is said to do, as a credit note in `balance` alone. */
  appliedCredit: 'on_invoice' | 'credit_note'
  /** How GetTransactions compares a transid: as sent, or as MySQL's usual collation does, without regard to case and to blanks at the
   *  end. */
  transidLookup: 'exact' | 'any_case'
  /** Whether an error is told by `result` or by `status`. */
  errorKey: 'result' | 'status'
  /** Whether a good answer says `result: success`; some do not. */
  successKey: 'result' | 'none'
  /** The most rows of one page, whatever is asked for; 0: no limit. */
  limitMax: 0 | 100 | 25
  unknownActionStatus: 200 | 400 | 404
  /** What answers at the address: see `site.ts`. */
  site: Site
  /** Where `moved` sends everybody: a system URL without a slash at the end. */
  movedTo: string
}

export const DEFAULT_SWITCHES: Switches = {
  version: '8.13',
  emptyList: 'string',
  rows: 'array',
  numbers: 'documented',
  credentialError: 'version',
  paymentDate: 'optional',
  draftPayment: 'refused',
  unknownGateway: 'accepted',
  paidPayment: 'credit',
  numbering: 'none',
  numberFormat: '{YEAR}-{NUMBER}',
  dateFormat: 'DD/MM/YYYY',
  tax: 'exclusive',
  immutability: 'version',
  reopen: 'accepted',
  moneyOut: 'accepted',
  appliedCredit: 'on_invoice',
  transidLookup: 'exact',
  errorKey: 'result',
  successKey: 'result',
  limitMax: 0,
  unknownActionStatus: 200,
  site: 'whmcs',
  movedTo: 'https://moved.example',
}

/** Text instead of a choice. */
type Free = 'numberFormat' | 'movedTo'
const FREE: readonly string[] = ['numberFormat', 'movedTo'] satisfies Free[]

/** Every switch that is a choice, and its values: the default first. */
export const CHOICES: { [name in Exclude<keyof Switches, Free>]: readonly Switches[name][] } = {
  version: ['8.13', '9.0', '7.10'],
  emptyList: ['string', 'array', 'object', 'missing', 'inner'],
  rows: ['array', 'bare', 'numbered'],
  numbers: ['documented', 'strings'],
  credentialError: ['version', 'Invalid or missing credentials', 'Authentication Failed'],
  paymentDate: ['optional', 'required'],
  draftPayment: ['refused', 'accepted'],
  unknownGateway: ['accepted', 'refused'],
  paidPayment: ['credit', 'refused'],
  numbering: ['none', 'on_payment', 'all'],
  dateFormat: ['DD/MM/YYYY', 'MM/DD/YYYY', 'YYYY-MM-DD'],
  tax: ['exclusive', 'inclusive'],
  immutability: ['version', 'off'],
  reopen: ['accepted', 'refused'],
  moneyOut: ['accepted', 'refused', 'credit_note'],
  appliedCredit: ['on_invoice', 'credit_note'],
  transidLookup: ['exact', 'any_case'],
  errorKey: ['result', 'status'],
  successKey: ['result', 'none'],
  limitMax: [0, 100, 25],
  unknownActionStatus: [200, 400, 404],
  site: SITES,
}

/** The switches after a change. Throws a RangeError that names the fault on an unknown switch or value. */
export function withSwitches(before: Switches, change: Partial<Switches>): Switches {
  for (const [name, value] of Object.entries(change)) {
    if (FREE.includes(name) && typeof value === 'string') continue
    const choices = (CHOICES as Record<string, readonly unknown[]>)[name]
    if (!choices?.includes(value)) {
      throw new RangeError(
        `switch ${name} cannot be ${JSON.stringify(value)}; choices: ${choices?.join(', ') ?? 'no such switch'}`,
      )
    }
  }
  return { ...before, ...change }
}

/** Whether published invoices and what is booked on them can be edited no more. */
export const immutable = (switches: Switches): boolean =>
  switches.version === '9.0' && switches.immutability === 'version'

/** The version as WhmcsDetails writes it. */
export const versionText = (version: Switches['version']): string =>
  ({ '8.13': '8.13.1', '9.0': '9.0.1', '7.10': '7.10.3' })[version]
