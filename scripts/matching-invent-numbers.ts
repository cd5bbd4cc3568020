import type { Dice } from './matching-invent-dice.ts'

/** A numbering scheme: the printed number of the invoice that is so many-th of its year. Empty: the tenant uses plain ids. */
export type Scheme = (facts: {
  running: number
  inYear: number
  ofClient: number
  date: string
  client: string
}) => string

const wide = (value: number, width: number): string => String(value).padStart(width, '0')
const year = (date: string): string => date.slice(0, 4)
const month = (date: string): string => date.slice(5, 7)

export const schemes: Readonly<Record<string, (dice: Dice) => Scheme>> = {
  plain: () => () => '',
  'year-slash': () => (one) => `${year(one.date)}/${wide(one.inYear, 6)}`,
  'glued-year': () => (one) => `INV${year(one.date)}${wide(one.inYear, 5)}`,
  'short-year': () => (one) => `${year(one.date).slice(2)}-${wide(one.inYear, 4)}`,
  'prefix-year-month': (dice) => {
    const letter = dice.pick(['F', 'R', 'A', 'FT'])
    return (one) => `${letter}-${year(one.date)}-${month(one.date)}-${wide(one.inYear, 4)}`
  },
  'prefix-year': (dice) => {
    const word = dice.pick(['FV', 'FA', 'RE', 'FAC', 'WEB', 'H'])
    return (one) => `${word}/${year(one.date)}/${wide(one.inYear, 4)}`
  },
  polish: () => (one) => `FV ${one.inYear}/${month(one.date)}/${year(one.date)}`,
  'polish-month': () => (one) => `${wide(one.inYear, 4)}/${month(one.date)}/${year(one.date).slice(2)}`,
  'number-year': () => (one) => `${wide(one.inYear, 4)}/${year(one.date)}`,
  'letter-behind': (dice) => {
    const letters = dice.pick(['A', 'W', 'H', 'DE'])
    return (one) => `${wide(one.running, 5)}-${letters}`
  },
  'per-client': () => (one) => `${one.client}-${wide(one.ofClient, 2)}`,
  'prefix-long': (dice) => {
    const word = dice.pick(['RNG', 'INV-', 'FT', 'SR', 'WH', 'DOC-'])
    return (one) => `${word}${wide(one.running + 20_000, 7)}`
  },
  'long-digits': () => (one) => `${year(one.date)}${month(one.date)}${wide(one.inYear, 5)}`,
  ten: () => (one) => `${year(one.date)}${wide(one.inYear, 6)}`,
  points: () => (one) => `${year(one.date)}.${month(one.date)}.${wide(one.inYear, 4)}`,
  'type-series': (dice) => {
    const series = dice.pick(['FT A', 'FS 2', 'FR B', 'NF E'])
    return (one) => `${series}${year(one.date).slice(2)}/${one.inYear}`
  },
  'series-year': (dice) => {
    const series = dice.pick(['HST', 'ABC', 'SRV', 'CLD'])
    return (one) => `${series} ${year(one.date)} ${wide(one.inYear, 5)}`
  },
  hex: () => (one) =>
    `W${((one.running * 7919 + 40_503) % 1_048_576).toString(36).toUpperCase().padStart(4, '0')}${one.running % 10}`,
}

const luhn = (digits: string): string => {
  let sum = 0
  ;[...digits].reverse().forEach((digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  })
  return String((10 - (sum % 10)) % 10)
}
const weightedMod = (digits: string, weights: readonly number[], modulus: number): number =>
  [...digits].reverse().reduce((sum, digit, at) => sum + Number(digit) * (weights[at % weights.length] ?? 0), 0) %
  modulus
const mod97 = (text: string): number =>
  [...text].reduce((rest, sign) => {
    const value = Number.parseInt(sign, 36)
    return (rest * (value > 9 ? 100 : 10) + value) % 97
  }, 0)
const recursive = (digits: string): string => {
  const table = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5]
  const carry = [...digits].reduce((rest, digit) => table[(rest + Number(digit)) % 10] ?? 0, 0)
  return String((10 - carry) % 10)
}

/** References with a check digit as they are printed on invoices, from digits of the invoice or the client. */
export const references: Readonly<Record<string, (digits: string) => string>> = {
  kid10: (digits) => `${digits}${luhn(digits)}`,
  kid11: (digits) => {
    const rest = (11 - weightedMod(digits, [2, 3, 4, 5, 6, 7], 11)) % 11
    return `${digits}${rest === 10 ? '-' : rest}`
  },
  ocr: (digits) => {
    const long = `${digits}${(digits.length + 2) % 10}`
    return `${long}${luhn(long)}`
  },
  fik: (digits) => {
    const long = digits.padStart(14, '0').slice(-14)
    return `+71<${long}${luhn(long)}`
  },
  viite: (digits) => `${digits}${(10 - weightedMod(digits, [7, 3, 1], 10)) % 10}`,
  ogm: (digits) => {
    const ten = digits.padStart(10, '0').slice(-10)
    const all = `${ten}${String(mod97(ten) || 97).padStart(2, '0')}`
    return `+++${all.slice(0, 3)}/${all.slice(3, 7)}/${all.slice(7)}+++`
  },
  rf: (digits) => `RF${String(98 - mod97(`${digits}271500`)).padStart(2, '0')}${digits}`,
  qrr: (digits) => {
    const long = digits.padStart(26, '0').slice(-26)
    return `${long}${recursive(long)}`
  },
  vs: (digits) => digits.slice(-10),
  si: (digits) => `SI00${digits}`,
  hr: (digits) => `HR00${digits}`,
  crn: (digits) => `${digits}${luhn(digits)}`,
}

/** A valid IBAN of a length; a bank that is made of chance. */
export function ibanOf(dice: Dice, land: string, length: number): string {
  const inner = dice.digits(length - 4)
  return `${land}${String(98 - mod97(`${inner}${land}00`)).padStart(2, '0')}${inner}`
}
