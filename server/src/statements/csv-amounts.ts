import { readAmount } from '../base/money.ts'

export type DecimalSign = '.' | ','

/** What a cell says: the amount without its sign, the sign it prints, and a mark such as CR or DR behind it. */
export interface CellAmount {
  amountMinor: bigint
  sign: '+' | '-' | ''
  mark: 'credit' | 'debit' | null
}

const MARKS = new Map<string, 'credit' | 'debit'>(
  Object.entries({
    credit:
      'c cr cred credit crdt h haben gutschrift bij in entrada ingreso k kredit + avere abono haber credito uznanie plus',
    debit:
      'd dr db dbt deb debit dbit s soll lastschrift belastung af out salida gasto debet - dare cargo debe debito obciazenie minus',
  }).flatMap(([side, words]) => words.split(' ').map((word) => [word, side as 'credit' | 'debit'] as const)),
)

/** The side a word names in a marker column or behind an amount: `CR`, `Soll`, `Bij`. */
export const markOf = (word: string): 'credit' | 'debit' | null =>
  MARKS.get(word.trim().toLowerCase().replace(/\.$/, '')) ?? null

/** Reads an amount as banks print them: `1.234,56`, `1'234.50`, `1 234,50 kr`, `12,34,567.00`, `(12.50)`, `6.20-`, `−5,00`,
 *  `$ -5.00`, `12.00 DR`. Null when the cell holds no amount under this decimal sign, or more decimals than the currency has. */
export function readCell(text: string, decimal: DecimalSign, currency: string): CellAmount | null {
  const core = coreOf(text)
  const amountMinor = minorOf(core, decimal, currency)
  return core === null || amountMinor === null ? null : { amountMinor, sign: core.sign, mark: core.mark }
}

export const looksLikeAmount = (text: string): boolean => {
  const core = coreOf(text)
  return core !== null && (plainDecimal(core.digits, '.') !== null || plainDecimal(core.digits, ',') !== null)
}

/** The decimal signs under which the most cells of the column can be read: none when the column does not show it, two when
 *  both signs give readings that differ. */
export function possibleDecimals(cells: string[], currency: string): DecimalSign[] {
  let point = 0
  let comma = 0
  let differ = false
  for (const cell of cells) {
    const core = coreOf(cell)
    // Digits alone are the same amount under both signs.
    if (core !== null && !/[.,]/.test(core.digits)) continue
    const [one, other] = [minorOf(core, '.', currency), minorOf(core, ',', currency)]
    if (one === null) point++
    if (other === null) comma++
    if (one !== other) differ = true
  }
  if (!differ) return []
  if (point !== comma) return point < comma ? ['.'] : [',']
  return ['.', ',']
}

function minorOf(core: Core | null, decimal: DecimalSign, currency: string): bigint | null {
  const plain = core === null ? null : plainDecimal(core.digits, decimal)
  const amountMinor = plain === null ? null : readAmount(plain, currency)
  return typeof amountMinor === 'bigint' ? amountMinor : null
}

interface Core {
  digits: string
  sign: '+' | '-' | ''
  mark: 'credit' | 'debit' | null
}

/** Digits and separators of a cell, apart from sign, brackets, currency and mark. */
function coreOf(text: string): Core | null {
  if (text.length > 60) return null
  let rest = text.replace(/[\u2010-\u2015\u2212\ufe63\uff0d]/g, '-').replace(/[\s\u00a0\u202f\u2009'’`´]/g, '')
  let sign: '+' | '-' | '' = ''
  if (rest.startsWith('(') && rest.endsWith(')')) {
    sign = '-'
    rest = rest.slice(1, -1)
  }
  const parts = /^([+-]?)([^\d.,+()-]{0,5}\.?(?=[\d.,+-]))?([+-]?)([\d.,]+)([+-]?)([^\d.,+()-]{0,10}\.?)([+-]?)$/.exec(
    rest,
  )
  if (!parts || !/\d/.test(parts[4]!)) return null
  const signs = [parts[1], parts[3], parts[5], parts[7]].filter((one) => one !== '' && one !== undefined)
  if (signs.length > 1) return null
  if (signs.length === 1) sign = signs[0] === '-' || sign === '-' ? '-' : '+'
  return { digits: parts[4]!, sign, mark: parts[6] === '' ? null : markOf(parts[6]!) }
}

/** A plain decimal from digits with separators; null when the groups of thousands are not groups. */
function plainDecimal(digits: string, decimal: DecimalSign): string | null {
  const point = digits.indexOf(decimal)
  if (point !== -1 && point !== digits.lastIndexOf(decimal)) return null
  const whole = point === -1 ? digits : digits.slice(0, point)
  const fraction = point === -1 ? '' : digits.slice(point + 1)
  const thousands = decimal === '.' ? ',' : '.'
  if (fraction.includes(thousands) || (whole === '' && fraction === '')) return null
  const plain = whole.includes(thousands) ? joinGroups(whole.split(thousands)) : whole
  if (plain === null) return null
  return fraction === '' ? plain : `${plain || '0'}.${fraction}`
}

/** Groups of three, or of two as in India; the last always of three, the first of one to three. */
function joinGroups(groups: string[]): string | null {
  const isGroup = (group: string, at: number) => {
    if (at === 0) return group.length >= 1 && group.length <= 3
    return group.length === 3 || (group.length === 2 && at < groups.length - 1)
  }
  return groups.every(isGroup) ? groups.join('') : null
}
