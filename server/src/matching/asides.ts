import { isBankCode, withoutCodes } from './bank-codes.ts'
import type { Book } from './book.ts'
import { knownWords } from './known-words.ts'
import type { Reading } from './links.ts'
import type { LooseNumber } from './loose-numbers.ts'
import { namedDays, namedMonths, type NamedTimes, namedYears } from './periods.ts'
import { daysBetween, fold, words } from './text.ts'

/** What a line says that few lines are asked for, because number, payer and amount tell what it pays: found when it is asked for, and
 *  kept. */

/** The months, days and years that the running text names. */
export const timesOf = (reading: Reading): NamedTimes => (reading.times ??= findTimes(reading))

/** The running text's words, for naming services. */
export const textWordsOf = (reading: Reading): ReadonlySet<string> =>
  (reading.textWords ??= wordsOf(reading.line.texts))

/** Loose numbers without those of the bank's own code for the payment. */
export const unexplainedOf = (reading: Reading): readonly LooseNumber[] =>
  (reading.unexplained ??= findUnexplained(reading))

function findTimes({ book, line: { texts }, transaction, links }: Reading): NamedTimes {
  // LIS, MAR and MAI are months, and words of names as well.
  const nameParts = texts.some((text) => knownWords(text).some(({ month }) => month > 0))
    ? wordsOf([transaction.counterparty.name, ...namesOf(book, links.keys())])
    : undefined
  return {
    months: texts.flatMap((text) => namedMonths(text, nameParts)),
    days: texts.flatMap((text) => daysIn(text, transaction.date)),
    years: texts.flatMap(namedYears),
  }
}

/** A day this near to the booking is the bank's. */
const bookingDays = 3

/** The days that a text names. Banks print the day of the payment: one so near is none that the payer wrote. */
function daysIn(text: string, bookedOn: string): readonly string[] {
  const isBooking = (day: string): boolean => Math.abs(daysBetween(day, bookedOn)) <= bookingDays
  return namedDays(text)
    .filter(({ readings, ofInvoice }) => ofInvoice || !readings.some(isBooking))
    .flatMap(({ readings }) => readings)
}

function findUnexplained({ loose, line, transaction, columns }: Reading): readonly LooseNumber[] {
  return line.texts.flatMap((text, at) => {
    const own = loose.filter(({ field }) => field === at)
    return own.length === 0 || isBankCode(transaction, text, line) ? [] : withoutCodes(own, transaction, columns)
  })
}

/** The names of clients. */
export const namesOf = (book: Book, clientIds: Iterable<string>): string[] =>
  [...clientIds].flatMap((clientId) => {
    const client = book.clients.get(clientId)
    return client === undefined ? [] : [client.name, client.company]
  })

export const wordsOf = (texts: readonly string[]): Set<string> => new Set(texts.flatMap((text) => words(fold(text))))
