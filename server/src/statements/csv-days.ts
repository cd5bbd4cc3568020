import anyAscii from 'any-ascii'
import { dayOf, fullYear } from './days.ts'

/** The order in which a column prints year, month and day. */
export type DayOrder = 'ymd' | 'dmy' | 'mdy'

export const DAY_FORMATS: Record<DayOrder, string> = { ymd: 'YYYY-MM-DD', dmy: 'DD/MM/YYYY', mdy: 'MM/DD/YYYY' }

/** Cells that are kept; a column of times has as many as rows. */
const DISTINCT_MAX = 20_000

const MONTHS =
  'jan ene gen sty|feb fev lut|mar mrt mae|apr avr abr kwi|may mai mei mag maj|jun jui cze giu|jul lug lip|aug aou ago sie|sep set wrz|oct okt out ott paz|nov lis|dec dez dic des gru'
    .split('|')
    .map((names) => names.split(' '))

/** The day a cell holds when its column has this order; null when it does not hold one. A time behind the day is left out.
 *  Days with dots are always day first, those that begin with four digits always year first: no country writes them otherwise. */
export function readDay(text: string, order: DayOrder): string | null {
  const cell = text.trim()
  const digits = /^(\d{4})(\d{2})(\d{2})(?:\d{6})?$/.exec(cell)
  if (digits) return dayOf(Number(digits[1]), Number(digits[2]), Number(digits[3]))
  const numeric = /^(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?:$|[ T,.])/.exec(cell)
  if (!numeric) return readNamedDay(cell)
  const [, first, separator, second, third] = numeric
  if (first!.length === 4) return third!.length === 2 ? dayOf(Number(first), Number(second), Number(third)) : null
  if (first!.length === 3) return null
  const year = third!.length === 2 ? fullYear(Number(third)) : Number(third)
  const dayFirst = separator === '.' || order !== 'mdy'
  return dayFirst ? dayOf(year, Number(second), Number(first)) : dayOf(year, Number(first), Number(second))
}

/** `5 Jun 2025`, `05-Jun-25`, `5. Juni 2025`, `Jun 5, 2025`. */
function readNamedDay(cell: string): string | null {
  const plain = anyAscii(cell.slice(0, 40)).toLowerCase()
  const dayFirst =
    /^(?:[a-z]{2,10},? )?(\d{1,2})(?:\.|st|nd|rd|th)?[ /-]?([a-z]{3,12})\.?,?[ /-]?(\d{4}|\d{2})(?:$|[ t,])/.exec(plain)
  if (dayFirst) return namedDay(dayFirst[3]!, dayFirst[2]!, dayFirst[1]!)
  const monthFirst = /^(?:[a-z]{2,10}, )?([a-z]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}|\d{2})(?:$|[ t,])/.exec(
    plain,
  )
  return monthFirst ? namedDay(monthFirst[3]!, monthFirst[1]!, monthFirst[2]!) : null
}

function namedDay(year: string, month: string, day: string): string | null {
  const name = month.startsWith('juil') ? 'jul' : month.slice(0, 3)
  const index = MONTHS.findIndex((names) => names.includes(name))
  return index === -1 ? null : dayOf(year.length === 2 ? fullYear(Number(year)) : Number(year), index + 1, Number(day))
}

export const looksLikeDay = (text: string): boolean => readDay(text, 'dmy') !== null || readDay(text, 'mdy') !== null

/** `readDay` for a column of many rows and few days: each distinct cell is read once. */
export function dayReader(order: DayOrder): (cell: string) => string | null {
  const known = new Map<string, string | null>()
  return (cell) => {
    const found = known.get(cell)
    if (found !== undefined) return found
    const day = readDay(cell, order)
    if (known.size < DISTINCT_MAX) known.set(cell, day)
    return day
  }
}

/** The order named by a `date_format` such as `DD/MM/YYYY`, `%m/%d/%Y`, `dd.MM.yy` or `dmy`; null when it names none. */
export function orderOf(format: string): DayOrder | null {
  const letters = format.toLowerCase().replace(/[^dmy]/g, '')
  const order = [...new Set(letters)].join('')
  return order === 'ymd' || order === 'dmy' || order === 'mdy' ? order : null
}

/** The orders in which the column can be read, with the fewest unreadable cells: one, or several when they disagree. */
export function possibleOrders(cells: string[]): DayOrder[] {
  const orders: DayOrder[] = ['dmy', 'mdy']
  const readings = orders.map((order) => cells.map(dayReader(order)))
  const [dayFirst, monthFirst] = readings.map((days) => days.filter((day) => day === null).length)
  if (readings[0]!.every((day, at) => day === readings[1]![at]))
    return cells.some((cell) => /^\s*\d{4}/.test(cell)) ? ['ymd'] : ['dmy']
  if (dayFirst !== monthFirst) return dayFirst! < monthFirst! ? ['dmy'] : ['mdy']
  return orders
}
