import { type Book, isPayable } from './book.ts'
import { type Columns, isCut } from './columns.ts'
import { isInvoiceWord } from './lexicon.ts'
import type { Weighed } from './evidence.ts'
import { timesOf, unexplainedOf } from './asides.ts'
import type { Reading } from './links.ts'
import { isForMonth, isMeant, maybeMonths, type NamedMonth } from './periods.ts'
import type { Mention } from './references.ts'
import { words } from './text.ts'
import type { MatchTransaction, Reason } from './types.ts'

/** What is not to be trusted in how a line is written: it may have said more, or something else, than can be read. */
export type Unclear = 'cut' | 'glued' | 'damaged'

/** Letters and digits without a blank that no word and no number of ours is as long as. */
const gluedLength = 14
const gluedWordLength = 24

/** Whether a line's text was cut by the bank, lost its blanks, or lost letters to another alphabet. */
export function unclearness(transaction: MatchTransaction, columns: Columns): Unclear | null {
  const { reference, description } = transaction
  if (isCut(transaction, columns)) return 'cut'
  if (isDamaged(reference) || isDamaged(description)) return 'damaged'
  return isGlued(reference) || isGlued(description) ? 'glued' : null
}

const isDamaged = (text: string): boolean => /[?\ufffd]\p{L}|[\u00c2-\u00c5][\u0080-\u00bf]/u.test(text)

/** A code of the bank's, such as the end-to-end number of an instant payment. */
const isHex = /^[0-9a-f]{12,}$/i

function isGlued(text: string): boolean {
  if (text.length < gluedLength || /\s/.test(text.trim()) || isHex.test(text)) return false
  const run = text.match(/[\p{L}\p{N}]+/gu)?.reduce((long, word) => (word.length > long.length ? word : long), '') ?? ''
  return (
    (run.length >= gluedWordLength && /\p{L}{4,}/u.test(run)) ||
    (run.length >= gluedLength && /\p{L}{4,}\d|\d\p{L}{4,}/u.test(run))
  )
}

/** Why a reading is not applied although it is the best: the text may name another invoice in a way that is not understood.
 *  Where text, number and payer agree nothing is in doubt. */
export function doubtsOf(top: Weighed, all: readonly Weighed[], reading: Reading, book: Book): Reason[] {
  const found: Reason[] = []
  const doubt = (code: string, text: string): void => {
    found.push({ code, weight: 0, text })
  }
  const { unclear } = reading
  if (top.named) {
    if (top.link === null && isBare(top, reading))
      doubt('veto_bare_number', 'The number stands among others, and nothing says that it is an invoice.')
    else if (top.link === null && top.candidate.mentions.some(({ guessed }) => guessed))
      doubt('veto_text_unclear', 'Letters stand for digits of the number, and the payer is not known.')
    else if (top.link === null && unclear !== null && !isAnnounced(top, unclear))
      doubt('veto_text_unclear', 'The text cannot be read with certainty, and the payer is not known.')
    return found
  }
  const chosen = top.reasons.some(
    ({ signal }) => choosing.has(signal) || (signal === 'month.for' && unclear !== 'glued'),
  )
  if (!chosen && hasTwin(top, all) && saysLatest(reading))
    doubt('veto_equal_invoices', 'The client owes this amount more than once, and the text speaks of the latest.')
  else if (!chosen && hasTwin(top, all) && mayMeanAnother(top, all, reading))
    doubt(
      'veto_equal_invoices',
      'The client owes this amount more than once, and the text may name the month of another.',
    )
  else if (!chosen && hasTwin(top, all) && timesOf(reading).days.length > 0 && !isMeantAlone(top, reading))
    doubt('veto_equal_invoices', 'The client owes this amount more than once, and the text may say for which it is.')
  else if (leavesMeant(top, reading, book))
    doubt('veto_equal_invoices', 'The text names the time of another open invoice of the client.')
  else if (!chosen && hasTwin(top, all) && (unclear !== null || leavesDigits(top, reading, book)))
    doubt('veto_equal_invoices', 'The client owes this amount more than once, and the text may say for which it is.')
  else if (unclear !== null && top.candidate.invoices.length > 1)
    doubt('veto_text_unclear', 'The text cannot be read with certainty, and other invoices may be meant.')
  else if (unclear !== null && !knowsPayer(top) && isShared(top))
    doubt('veto_text_unclear', 'The text cannot be read with certainty, and other clients bear the name.')
  else if (!knowsPayer(top) && isShared(top) && isTwoPeople(reading))
    doubt('veto_two_payers', 'The payer is two people, and more clients than one bear such a name.')
  return found
}

/** Findings that choose between equal invoices. */
const choosing: ReadonlySet<string> = new Set(['domain.for', 'service.for', 'slip.for', 'slip.near', 'cut.for'])

/** Findings that say how many bear the name. */
const sharing: ReadonlySet<string> = new Set(['namesakes.payer', 'namesakes.text'])

const isShared = (top: Weighed): boolean => top.reasons.some(({ signal }) => sharing.has(signal))

/** Marcin & Jan Lipinski, Anna und Petra Meyer, M ou Mme Beltier. */
const twoPeople = /\b[A-Z]{1,20}\.? (?:&|\+|UND|AND|EN|ET|E|E\/O|OU|OG|OCH|I|A|Y) [A-Z]{2,}/

/** Where the bank tells neither name nor account in a field of its own, nothing else tells which of them is meant. */
const isTwoPeople = ({ line, transaction: { counterparty } }: Reading): boolean =>
  counterparty.name === '' &&
  (counterparty.iban ?? line.account) === null &&
  (line.payers.length > 0 ? line.payers : line.texts).some((name) => twoPeople.test(name))

const knowsPayer = (top: Weighed): boolean =>
  top.reasons.some(
    ({ signal }) => signal === 'link.known_payer' || signal === 'link.known_once' || signal === 'more.account',
  )

/** Where blanks are gone a short number may be part of anything. */
const isAnnounced = ({ candidate }: Weighed, unclear: Unclear): boolean =>
  candidate.mentions.every(
    ({ announced, coverage }) => announced === 'invoice' && (coverage === 'whole' || unclear !== 'glued'),
  )

/** A short plain number that no word announces, beside other digits that are nobody's. */
function isBare({ candidate }: Weighed, reading: Reading): boolean {
  const plain = candidate.mentions.every(({ announced, coverage }) => announced !== 'invoice' && coverage !== 'whole')
  if (candidate.mentions.every((mention) => isOthers(mention, reading))) return true
  // Where a line break may have glued something in front of it, it is the number itself.
  const isItself = (digits: string): boolean => candidate.mentions.some((mention) => digits.endsWith(mention.digits))
  return plain && unexplainedOf(reading).some(({ digits }) => !isItself(digits))
}

/** The latest, the current one, this month: not the oldest, and which is seen only on the day it is written. */
const latest =
  /\b(?:AKTUELL|LETZT|NEUST|NEUEST|LATEST|NEWEST|RECENT|CURRENT|DERNIER|ULTIM[AO]|LAATST|NIEUWST|HUIDIGE|OSTATNI|NAJNOWSZ|BIEZAC|POSLEDN|AKTUALN|SENAST|NYEST|SISTE|AKTUELL)|\b(?:DIESE[NRMS]?|LAUFENDE[NRMS]?|NACHSTE[NRMS]?|NAECHSTE[NRMS]?|THIS|NEXT|CE|CET|CETTE|QUESTO|QUEST|PROSSIMO|ESTE|PROXIMO|DEZE|VOLGENDE|DENNA|DENNE|TENTO|TEN) (?:MONAT|MONTH|MOIS|MESE|MES|MAAND|MANAD|MANED|MIESIAC|MESIC|JAHR|YEAR|AN|ANNEE|ANNO|ANO|JAAR|AR|ROK|QUART|TRIM)/

const saysLatest = ({ line }: Reading): boolean => line.texts.some((text) => latest.test(text))

/** Whether a day in the text is one of the invoice's. */
const isMeantAlone = ({ candidate: { invoices } }: Weighed, reading: Reading): boolean =>
  invoices.every((invoice) => isMeant(invoice, timesOf(reading)))

const maybeMonthsOf = ({ line }: Reading): NamedMonth[] =>
  line.texts.flatMap((text) => maybeMonths(text, new Set(line.payers.flatMap(words))))

/** Whether a word of three letters is the month of another of the equal invoices, and not of this one. */
function mayMeanAnother({ candidate }: Weighed, all: readonly Weighed[], reading: Reading): boolean {
  const months = maybeMonthsOf(reading)
  const [only] = candidate.invoices
  if (only === undefined || months.length === 0 || months.some((month) => isForMonth(only, month))) return false
  return all.some(({ candidate: { invoices, fit } }) => {
    const [other, more] = invoices
    return (
      other !== undefined &&
      more === undefined &&
      fit === candidate.fit &&
      other.client.id === only.client.id &&
      months.some((month) => isForMonth(other, month))
    )
  })
}

/** Whether the text names months or days, and the reading leaves an open invoice of that time out for one of another. */
function leavesMeant({ candidate }: Weighed, reading: Reading, book: Book): boolean {
  const { invoices } = candidate
  const [first] = invoices
  if (first === undefined || invoices.length < 2) return false
  const times = timesOf(reading)
  const months = [...times.months, ...maybeMonthsOf(reading)]
  if (months.length === 0 && times.days.length === 0) return false
  const named = { months, days: times.days, years: [] }
  return (
    invoices.some((invoice) => !isMeant(invoice, named)) &&
    (book.byClient.get(first.client.id) ?? []).some(
      (other) => !invoices.includes(other) && isPayable(other) && isMeant(other, named),
    )
  )
}

/** Behind a word of another trade (parcel 1045641) a plain number is that trade's, however long. A payer's name in front of it
 *  is the bank's. */
function isOthers({ invoiceId, announced, digits, field, start, end }: Mention, { line, mentions }: Reading): boolean {
  if (announced !== 'nothing' || end - start !== digits.length) return false
  // The same number may be announced where the text is read in another way.
  if (mentions.some((other) => other.invoiceId === invoiceId && other.announced !== 'nothing')) return false
  const word = /([A-Z]{2,})[^A-Z0-9]{0,3}$/.exec(line.texts[field]?.slice(Math.max(0, start - 40), start) ?? '')?.[1]
  return word !== undefined && !isInvoiceWord(word) && !line.payers.some((name) => words(name).includes(word))
}

/** Whether the client owes the same once more. */
function hasTwin(top: Weighed, all: readonly Weighed[]): boolean {
  const [only, more] = top.candidate.invoices
  if (only === undefined || more !== undefined) return false
  return all.some(
    ({ candidate }) =>
      candidate !== top.candidate &&
      candidate.fit === top.candidate.fit &&
      candidate.invoices.length === 1 &&
      candidate.invoices[0]?.client.id === only.client.id,
  )
}

/** Whether a text ends where a number begins: INV- and nothing behind it was cut off. */
function endsInPrefix(text: string, { prefixes }: Book['references']): boolean {
  const last = /([A-Z]{2,})[^A-Z0-9]*$/.exec(text)?.[1]
  return last !== undefined && prefixes.has(last) && !isInvoiceWord(last)
}

/** Whether the text holds digits that nothing explains: a number or a month written in a way that is not known. */
function leavesDigits({ candidate }: Weighed, reading: Reading, book: Book): boolean {
  const isYear = (digits: string): boolean => timesOf(reading).months.length > 0 && /^(?:20)?\d\d$/.test(digits)
  const clientId = candidate.invoices[0]?.client.id
  // The number of a closed invoice of the same client is understood: the next one is paid.
  const isOther = (invoiceId: string): boolean => {
    const invoice = book.invoices.get(invoiceId)
    return invoice !== undefined && (invoice.client.id !== clientId || isPayable(invoice))
  }
  return (
    reading.line.texts.some((text) => endsInPrefix(text, book.references)) ||
    unexplainedOf(reading).some(
      ({ digits, announced }) =>
        announced !== 'customer' && announced !== 'foreign' && digits.length > 1 && !isYear(digits),
    ) ||
    reading.mentions.some(({ invoiceId, coverage }) => coverage !== 'tail' && isOther(invoiceId))
  )
}
