import { isInvoiceWord, labelWords, monthWords } from './lexicon.ts'
import { knownWords, type KnownWord } from './known-words.ts'
import { fold } from './text.ts'
import type { MatchInvoice } from './types.ts'

/** A month that a text names: 1 to 12, with the year where it stands beside it. */
export interface NamedMonth {
  month: number
  year: number | null
}

const glued = /(?<!\d)(0[1-9]|1[0-2])(20[2-4]\d)(?!\d)/g
const numeric =
  /(?<![\d.]|\d[/-])(0?[1-9]|1[0-2])[/.-](20\d\d)(?![.-]?\d)|(?<!\d)(20\d\d)[-/](0[1-9]|1[0-2])(?![\d]|[-/]\d)/g

/** Q3 2024, 3Q2024, Q3/24, T3 2024, 3. Quartal 2024, 3ème trimestre. */
const quarters =
  /(?<![A-Z0-9])(?:[QT] ?([1-4])(?![A-Z0-9])(?: ?[/-]? ?'?(?:20)?([2-4]\d)(?!\d))?|([1-4])Q(?: ?[/-]? ?'?(?:20)?([2-4]\d)(?!\d))?|([1-4])(?:\.|E|O|EME|ST|ND|RD|TH)? ?(?:QUARTAL|QUARTER|TRIMESTR|KWARTA|CTVRTLET|KVARTAL)[A-Z]{0,3}(?: ?[/-]? ?(?:20)?([2-4]\d)(?!\d))?|QUARTAL ([1-4])(?!\d)(?: ?[/-]? ?(?:20)?([2-4]\d)(?!\d))?)/g

/** The first months of the quarters that a folded text names. A bare T3 is any code: it needs its year. */
function addQuarters(months: NamedMonth[], text: string): void {
  if (!/[QT] ?[1-4]|[1-4]Q|QUART|TRIMESTR|KWARTA|CTVRTLET|KVARTAL/.test(text)) return
  for (const match of text.matchAll(quarters)) {
    const quarter = match[1] ?? match[3] ?? match[5] ?? match[7]
    const year = match[2] ?? match[4] ?? match[6] ?? match[8]
    if (quarter === undefined || (match[0].startsWith('T') && year === undefined)) continue
    months.push({ month: Number(quarter) * 3 - 2, year: year === undefined ? null : 2000 + Number(year) })
  }
}

/** 01.09.-30.09.2024, 01/09/2024 - 30/09/2024. */
const spans =
  /(?<![\d./-])(\d{1,2})[./](\d{1,2})(?:[./]((?:20)?[2-4]\d)?)? ?(?:-|BIS|TO|AU|AL|DO|TIL|TILL|T\/M) ?(\d{1,2})[./](\d{1,2})[./]((?:20)?[2-4]\d)(?!\d)/g

/** The months in which the periods begin that a folded text writes as two days. Of day and month, what is above twelve is the day. */
function addSpans(months: NamedMonth[], text: string): void {
  if (!/\d[./]\d/.test(text)) return
  for (const match of text.matchAll(spans)) {
    const [first, second, third, fourth] = [match[1], match[2], match[4], match[5]].map(Number)
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) continue
    const monthFirst = second > 12 || fourth > 12
    const month = monthFirst ? first : second
    const endMonth = monthFirst ? third : fourth
    if (month < 1 || month > 12) continue
    const endYear = 2000 + Number((match[6] ?? '').slice(-2))
    const year = match[3] === undefined ? endYear - (month > endMonth ? 1 : 0) : 2000 + Number(match[3].slice(-2))
    months.push({ month, year })
  }
}

/** 09/24 */
const shortYear = /(?<![\d./-])(0[1-9]|1[0-2])\/([2-4]\d)(?![\d./-])/g

const writtenDay =
  /(?<!\d[./-]?)(\d{1,2})[./-] ?(\d{1,2})[./-] ?((?:20)?[2-4]\d)(?![\d]|[./-]\d)|(?<!\d)(20[2-4]\d)-(\d\d)-(\d\d)(?!\d)/g

/** How far in front of a day the word for an invoice stands. */
const announcedWithin = 40

/** The first day of the period that an invoice's first dated item says; empty without such. */
function firstDayOf(invoice: MatchInvoice): string {
  for (const item of invoice.items) {
    const match = dayPattern.exec(item.description)
    if (match === null) continue
    if (match[1] !== undefined) return `${match[1]}-${match[2]}-${match[3]}`
    const [first = '', second = ''] = [match[4]?.padStart(2, '0'), match[5]?.padStart(2, '0')]
    return Number(second) > 12 ? `${match[6]}-${first}-${second}` : `${match[6]}-${second}-${first}`
  }
  return ''
}

/** A day that a text names. `ofInvoice`: a word for an invoice stands in front of it. */
export interface NamedDay {
  /** YYYY-MM-DD; two where day and month may be read either way. */
  readings: readonly string[]
  ofInvoice: boolean
}

const noDays: readonly NamedDay[] = []

/** The days that a folded text names. */
export function namedDays(text: string): readonly NamedDay[] {
  if (!/\d[./-] ?\d/.test(text)) return noDays
  const matches = [...text.matchAll(writtenDay)]
  // One that can be read in one way only tells how the others are meant.
  const dayFirst = matches.some(([, first]) => Number(first ?? 0) > 12)
  const monthFirst = matches.some(([, , second]) => Number(second ?? 0) > 12)
  return matches.map((match) => {
    const before = text.slice(Math.max(0, match.index - announcedWithin), match.index)
    const ofInvoice = (before.replace(/\bF-RA\b/g, 'FRA').match(/[A-Z]+/g) ?? [])
      .slice(-4)
      .some((word) => isInvoiceWord(word) || labelWords.has(word))
    if (match[4] !== undefined) return { readings: [`${match[4]}-${match[5]}-${match[6]}`], ofInvoice }
    const year = `20${(match[3] ?? '').slice(-2)}`
    const [first = '', second = ''] = [match[1]?.padStart(2, '0'), match[2]?.padStart(2, '0')]
    const readings = [
      ...(monthFirst ? [] : [`${year}-${second}-${first}`]),
      ...(dayFirst ? [] : [`${year}-${first}-${second}`]),
    ]
    return { readings, ofInvoice }
  })
}

/** The years that a folded text names by themselves: Hosting 2024. */
export const namedYears = (text: string): readonly number[] =>
  text.includes('20') ? (text.match(loneYear) ?? noYears).map(Number) : noYears

const loneYear = /(?<![\dA-Z./-])20[2-4]\d(?![\dA-Z]|[./-]\d)/g
const noYears: readonly never[] = []

/** A month's name of four letters and more, glued to its year. */
const monthBeforeYear = new RegExp(
  `(${[...monthWords.keys()]
    .filter((word) => word.length > 3)
    .sort((left, right) => right.length - left.length)
    .join('|')})(20[2-4]\\d)`,
)

const nobody: ReadonlySet<string> = new Set()

/** The months that a folded text names: 10/2024, 2024-10, OKTOBER, NOV 24. `nameParts`: words that are somebody's name there. */
export function namedMonths(text: string, nameParts: ReadonlySet<string> = nobody): NamedMonth[] {
  const months: NamedMonth[] = []
  if (/\d/.test(text)) addMonthsInDigits(months, text)
  const known = knownWords(text)
  for (const word of known) {
    if (word.compoundMonth > 0) months.push({ month: word.compoundMonth, year: null })
    if (word.hasDigit && word.text.length > 8) addGluedMonth(months, word.text)
  }
  for (let at = 0; at < known.length; at += 1) {
    const { text: word, month } = known[at]!
    if (month === 0 || nameParts.has(word)) continue
    const year = yearAt(known, at + 1)
    // Three letters are a month only beside a year: MAR and SIE are words too.
    if (year !== null || word.length > 3 || /^M[AE][IJY]$/.test(word)) months.push({ month, year })
  }
  return months
}

function addMonthsInDigits(months: NamedMonth[], text: string): void {
  if (/[/.-]20\d\d|20\d\d[/-]/.test(text))
    for (const match of text.matchAll(numeric))
      months.push({ month: Number(match[1] ?? match[4]), year: Number(match[2] ?? match[3]) })
  if (/\d\d20[2-4]\d/.test(text))
    for (const match of text.matchAll(glued)) months.push({ month: Number(match[1]), year: Number(match[2]) })
  addQuarters(months, text)
  addSpans(months, text)
  if (!text.includes('/')) return
  for (const match of text.matchAll(shortYear)) months.push({ month: Number(match[1]), year: 2000 + Number(match[2]) })
}

/** A text that lost its blanks: HOSTINGAUGUST2024. Only with a year and a whole name is it told from other words. */
function addGluedMonth(months: NamedMonth[], word: string): void {
  const found = /20[2-4]\d$|20[2-4]\d(?=[A-Z])/.test(word) ? monthBeforeYear.exec(word) : null
  const month = monthWords.get(found?.[1] ?? '')
  if (found !== null && month !== undefined && found[0] !== word) months.push({ month, year: Number(found[2]) })
}

/** The year that begins with a word, in two or four digits; a line break may stand within it. */
function yearAt(known: readonly KnownWord[], at: number): number | null {
  const after = known[at]?.text ?? ''
  const more = known[at + 1]?.text ?? ''
  const year = /^[23]$/.test(after) && /^\d$/.test(more) ? `${after}${more}` : after
  return /^20\d\d$/.test(year) ? Number(year) : /^[23]\d$/.test(year) ? 2000 + Number(year) : null
}

/** The months that three letters may mean which are words as well: MAY, MAR, JUL without a year. */
export function maybeMonths(text: string, nameParts: ReadonlySet<string> = nobody): NamedMonth[] {
  return knownWords(text).flatMap(({ text: word, month }) =>
    month > 0 && word.length <= 3 && !nameParts.has(word) ? [{ month, year: null }] : [],
  )
}

const dayPattern = /\b(\d{4})-(\d\d)-(\d\d)\b|\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b/

/** The month in which an invoice's period begins, as its first dated item says. Null without such an item. Day and month are
 *  read in the order day first unless that is no month, as billing systems of most countries print them. */
export function periodStart(invoice: MatchInvoice): { month: number; year: number } | null {
  for (const item of invoice.items) {
    const match = dayPattern.exec(item.description)
    if (match === null) continue
    if (match[1] !== undefined) return { year: Number(match[1]), month: Number(match[2]) }
    const second = Number(match[5])
    return { year: Number(match[6]), month: second > 12 ? Number(match[4]) : second }
  }
  return null
}

/** Whether a named month is the one the invoice is for (its period, or the month it is due where it names none). */
export function isForMonth(invoice: MatchInvoice, named: NamedMonth): boolean {
  const period = periodStart(invoice)
  const due = invoice.dueDate === '' ? invoice.date : invoice.dueDate
  const start = period ?? { year: Number(due.slice(0, 4)), month: Number(due.slice(5, 7)) }
  return start.month === named.month && (named.year === null || named.year === start.year)
}

/** The periods and days that a text names, as far as they tell invoices of one service apart. */
export interface NamedTimes {
  months: readonly NamedMonth[]
  days: readonly string[]
  years: readonly number[]
}

/** Whether a text means this invoice by its period, or by the day on which it was written or is due. A year counts where nothing
 *  more is said. */
export function isMeant(invoice: MatchInvoice, { months, days, years }: NamedTimes): boolean {
  if (days.length > 0 && [invoice.date, invoice.dueDate, firstDayOf(invoice)].some((day) => days.includes(day)))
    return true
  if (months.length > 0) return months.some((month) => isForMonth(invoice, month))
  return years.length > 0 && years.includes(periodStart(invoice)?.year ?? 0)
}

/** What an invoice is for, without dates and amounts: equal for the months of one service. */
export function serviceKey(invoice: MatchInvoice): string {
  return invoice.items
    .map((item) =>
      fold(item.description)
        .replace(/\([^)]*\d[^)]*\)/g, '')
        .replace(/\(PRO RATA\)/g, '')
        .replace(/\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/g, '')
        .trim(),
    )
    .join('; ')
}
