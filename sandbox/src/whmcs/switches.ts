import type { DateFormat } from './clock.ts'

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
  numbering: 'none' | 'on_payment' | 'all'
  /** Tags {YEAR} {MONTH} {DAY} {NUMBER}. */
  numberFormat: string
  dateFormat: DateFormat
  tax: 'exclusive' | 'inclusive'
  /** Whether UpdateInvoice may set a settled invoice back to Unpaid; for 9.0 nobody knows. */
  reopen: 'accepted' | 'refused'
  /** Whether AddTransaction may book money out on a published invoice; for 9.0, where those are immutable, nobody knows. */
  moneyOut: 'accepted' | 'refused'
  unknownActionStatus: 200 | 400 | 404
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
  numbering: 'none',
  numberFormat: '{YEAR}-{NUMBER}',
  dateFormat: 'DD/MM/YYYY',
  tax: 'exclusive',
  reopen: 'accepted',
  moneyOut: 'accepted',
  unknownActionStatus: 200,
}

const CHOICES: Record<Exclude<keyof Switches, 'numberFormat'>, readonly (string | number)[]> = {
  version: ['8.13', '9.0', '7.10'],
  emptyList: ['string', 'array', 'object', 'missing', 'inner'],
  rows: ['array', 'bare', 'numbered'],
  numbers: ['documented', 'strings'],
  credentialError: ['version', 'Invalid or missing credentials', 'Authentication Failed'],
  paymentDate: ['optional', 'required'],
  draftPayment: ['refused', 'accepted'],
  unknownGateway: ['accepted', 'refused'],
  numbering: ['none', 'on_payment', 'all'],
  dateFormat: ['DD/MM/YYYY', 'MM/DD/YYYY', 'YYYY-MM-DD'],
  tax: ['exclusive', 'inclusive'],
  reopen: ['accepted', 'refused'],
  moneyOut: ['accepted', 'refused'],
  unknownActionStatus: [200, 400, 404],
}

/** The switches after a change. Throws a RangeError that names the fault on an unknown switch or value. */
export function withSwitches(before: Switches, change: Partial<Switches>): Switches {
  for (const [name, value] of Object.entries(change)) {
    if (name === 'numberFormat' && typeof value === 'string') continue
    const choices = CHOICES[name as keyof typeof CHOICES]
    if (!choices?.includes(value)) {
      throw new RangeError(
        `switch ${name} cannot be ${JSON.stringify(value)}; choices: ${choices?.join(', ') ?? 'no such switch'}`,
      )
    }
  }
  return { ...before, ...change }
}

/** The version as WhmcsDetails writes it. */
export const versionText = (version: Switches['version']): string =>
  ({ '8.13': '8.13.1', '9.0': '9.0.1', '7.10': '7.10.3' })[version]
