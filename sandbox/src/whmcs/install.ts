import type { Books, Settings } from './books.ts'
import { localDay, localTime } from './clock.ts'

/** Something WHMCS would have told its own hooks, or the client by e-mail. */
export interface Happening {
  hook: 'AddInvoicePayment' | 'InvoicePaid' | 'InvoiceCreated' | 'InvoiceUnpaid' | 'InvoiceCancelled' | 'PaymentEmail'
  invoiceid: number
}

/** What an action works with: the books, the settings at this moment, and two ears. Use it inside `books.commit`. */
export interface Install {
  books: Books
  /** The action in lower case, or `seed`. */
  action: string
  /** What the install considers its own address, with the slash at the end. */
  systemUrl: string
  /** Notes something the caller should not rely on, although WHMCS lets it pass. */
  warn: (text: string) => void
  happen: (happening: Happening) => void
}

export const settingsOf = (install: Install): Settings => install.books.settings
export const nowIn = (install: Install): string => localTime(install.books.settings.clock)
export const todayIn = (install: Install): string => localDay(install.books.settings.clock)
