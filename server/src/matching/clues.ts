import { distance } from 'fastest-levenshtein'
import { domainsOf } from './domains.ts'
import type { Candidate } from './candidate.ts'
import { textWordsOf, timesOf } from './asides.ts'
import type { Reading } from './links.ts'
import type { Announced } from './announced.ts'
import { isMeant } from './periods.ts'
import { fold, words } from './text.ts'
import type { MatchInvoice } from './types.ts'

/** What a text says about one invoice besides its number: small things that choose between equal invoices. */
export interface Clues {
  domain: boolean
  /** How many words of the service the text holds. */
  serviceWords: number
  month: boolean
  /** Steps from a number in the text to the invoice's, 9 where none is near. */
  slip: number
  /** The text ends within the invoice's number: how many of its digits stand there. */
  cut: number
}

const notNear = 9

/** Steps of the pen between two numbers: changed, dropped, added digits; two neighbours swapped count as one. */
function slipDistance(written: string, printed: string): number {
  if (written.length === printed.length) {
    const differing = [...printed].flatMap((digit, at) => (digit === written[at] ? [] : [at]))
    const [first, second] = differing
    if (
      differing.length === 2 &&
      first !== undefined &&
      second === first + 1 &&
      written[first] === printed[second] &&
      written[second] === printed[first]
    )
      return 1
  }
  return distance(written, printed)
}

/** The digits of the invoice's number as they are written without zeros in front. */
const digitsOf = ({ number, id }: MatchInvoice): string => (number || id).replace(/\D/g, '').replace(/^0+/, '')

function slipOf(reading: Reading, invoice: MatchInvoice): number {
  if (reading.loose.length === 0 && reading.mentions.length === 0) return notNear
  const printed = digitsOf(invoice)
  const own = reading.mentions.filter((mention) => mention.invoiceId === invoice.id)
  if (own.some((mention) => mention.coverage !== 'tail' || mention.announced !== 'nothing')) return 0
  let nearest = own.length > 0 ? 1.5 : notNear
  const look = (digits: string, announced: Announced, more: number): void => {
    if (announced === 'foreign' || announced === 'customer' || digits.length < 3) return
    const steps = slipDistance(digits, printed)
    if (steps <= (printed.length >= 6 ? 2 : 1)) nearest = Math.min(nearest, steps + more)
  }
  // What was cut off is no slip.
  for (const { digits, announced, atEnd } of reading.loose)
    if (!(atEnd && digits.length < printed.length)) look(digits, announced, 0)
  // A slip may hit the number of somebody else's invoice, but then it may as well be meant.
  for (const mention of reading.mentions)
    if (mention.invoiceId !== invoice.id) look(mention.digits, mention.announced, 1.5)
  return nearest
}

/** How many digits of the invoice's number the text ends with, where the bank cut it off; 0 where it does not. */
function cutOf(reading: Reading, invoice: MatchInvoice): number {
  if (reading.loose.length === 0) return 0
  const printed = digitsOf(invoice)
  let longest = 0
  for (const { digits, atEnd, announced, guessed } of reading.loose) {
    if (!atEnd || guessed || announced === 'foreign' || announced === 'customer' || digits.length >= printed.length)
      continue
    if (printed.startsWith(digits)) longest = Math.max(longest, digits.length)
  }
  return longest
}

const dull = new Set(['YEAR', 'YEARS', 'PRO', 'RATA', 'THE', 'DE', 'COM', 'NET', 'ORG', 'EU', 'UK', 'CO'])

export const cluesFor = (reading: Reading, invoice: MatchInvoice): Clues => ({
  domain: namesDomain(reading, invoice),
  serviceWords: wordsOfService(reading, invoice),
  month: isMeant(invoice, timesOf(reading)),
  slip: slipOf(reading, invoice),
  cut: cutOf(reading, invoice),
})

function namesDomain({ domains }: Reading, invoice: MatchInvoice): boolean {
  if (domains.size === 0) return false
  return domainsOf({ ...invoice, client: { ...invoice.client, email: '' } }).some((domain) => domains.has(domain))
}

/** How many words of what the invoice is for stand in the text. */
function wordsOfService(reading: Reading, { items }: MatchInvoice): number {
  const textWords = textWordsOf(reading)
  const service = new Set(
    items.flatMap((item) => words(fold(item.description.replace(/\([^)]*\)/g, '').replace(/\S+\.\S+/g, ' ')))),
  )
  let count = 0
  for (const word of service) if (textWords.has(word) && !dull.has(word) && !/^\d{3,}$/.test(word)) count += 1
  return count
}

/** Which clues set one reading apart from its siblings (readings of the same amount). `domain` and `service` are what the
 *  text says about the service: its domain, or words of its description. */
export interface Contrast {
  /** Beside a payer whose name fits several clients, the text names one of them. */
  client: Sign
  domain: Sign
  service: Sign
  month: Sign
  /** Between -1 and 1: how plainly a number in the text is this invoice's but for a slip, and not its siblings'. */
  slip: number
  /** The number was cut off, and what is left of it begins this invoice's number and not its siblings'. */
  cut: Sign
  /** A number in the text is one slip away from this long number. */
  near: boolean
  /** Whether the text names the service in some way, whatever it says of the siblings. */
  named: () => boolean
}

export type Sign = -1 | 0 | 1

function sign(mine: number, others: readonly number[]): Sign {
  const top = Math.max(...others)
  return others.length === 0 || mine === top ? 0 : mine > top ? 1 : -1
}

/** One slip against none near is plain; one step more or less is a hint. */
function slipSign(mine: number, others: readonly number[]): number {
  if (others.length === 0) return 0
  const nearest = Math.min(...others)
  if (mine === nearest) return 0
  const strength = Math.min(mine, nearest) > 1 || Math.max(mine, nearest) < 3 ? 0.2 : 1
  return mine < nearest ? strength : -strength
}

const isNear = (invoice: MatchInvoice, slip: number): boolean =>
  slip === 1 && (invoice.number || invoice.id).length >= 5

const namesService = ({ domain, serviceWords, slip }: Clues): boolean => domain || serviceWords > 0 || slip < notNear

/** Of the only reading of its kind, as most lines have it: what the text says of the service is looked for when it is asked for. */
function alone(reading: Reading, invoice: MatchInvoice): Contrast {
  const slip = slipOf(reading, invoice)
  return {
    client: 0,
    domain: 0,
    service: 0,
    month: 0,
    slip: 0,
    cut: 0,
    near: isNear(invoice, slip),
    named: () => slip < notNear || namesDomain(reading, invoice) || wordsOfService(reading, invoice) > 0,
  }
}

/** Compares single-invoice readings with each other: a clue counts only where it fits some and not others. Words of a service
 *  tell invoices of one client apart; domains, periods and nearly right numbers also tell namesakes apart. */
export function contrasts(reading: Reading, candidates: readonly Candidate[]): Map<Candidate, Contrast> {
  const single = candidates.filter(
    (candidate) =>
      candidate.invoices.length === 1 &&
      candidate.fit === 'exact' &&
      reading.links.has(candidate.invoices[0]?.client.id ?? ''),
  )
  const result = new Map<Candidate, Contrast>()
  const [first, another] = single
  if (first === undefined) return result
  if (another === undefined) return result.set(first, alone(reading, first.invoices[0] as MatchInvoice))
  const clues = new Map(
    single.map((candidate) => [candidate, cluesFor(reading, candidate.invoices[0] as MatchInvoice)]),
  )
  for (const [candidate, own] of clues) {
    const others = single.filter((other) => other !== candidate)
    const mates = others.filter((other) => other.invoices[0]?.client.id === candidate.invoices[0]?.client.id)
    const values = (list: readonly Candidate[], value: (clue: Clues) => number): number[] =>
      list.flatMap((other) => clues.get(other) ?? []).map(value)
    const compare = (list: readonly Candidate[], value: (clue: Clues) => number): Sign =>
      sign(value(own), values(list, value))
    const namesClient = (one: Candidate): number =>
      reading.links.get(one.invoices[0]?.client.id ?? '')?.some((link) => link.kind === 'named_in_text') === true
        ? 1
        : 0
    result.set(candidate, {
      client: sign(namesClient(candidate), others.map(namesClient)),
      domain: compare(others, (clue) => (clue.domain ? 1 : 0)),
      service: compare(mates, (clue) => clue.serviceWords),
      month: compare(others, (clue) => (clue.month ? 1 : 0)),
      slip: slipSign(
        own.slip,
        values(others, (clue) => clue.slip),
      ),
      cut: compare(others, (clue) => clue.cut),
      near:
        isNear(candidate.invoices[0] as MatchInvoice, own.slip) &&
        values(others, (clue) => clue.slip).every((steps) => steps >= 3),
      named: () => namesService(own),
    })
  }
  return result
}
