import { fieldFinder } from './field-finder.ts'
import { isIban } from './check-digits.ts'
import type { MatchTransaction } from './types.ts'
import { fold } from './text.ts'

/** What a bank line says, sorted by role. Everything is folded (text.ts). */
export interface ReadLine {
  /** Names of the payer: the counterparty and what the text tags as such. */
  payers: string[]
  /** Running text written by the payer, with the bank's own fields taken out. */
  texts: string[]
  /** Columns at which the bank broke the text within a word; empty where none is recognised. One list for each text. */
  breaks: (readonly number[])[]
  /** Amounts the text prints as instructed, such as EUR29.74: currency and digits with a point. */
  printed: { currency: string; amountMinor: bigint }[]
  /** The payer's account as the text prints it, where the bank has no field for payers and the text holds one account. */
  account: string | null
}

type Role = 'payer' | 'text' | 'bank' | 'amount'

/** Field names in statement texts. Sources: the German structured purpose (SVWZ+, EREF+ …), the Dutch and SWIFT
 *  slash-coded fields (/REMI/, /ORDP/, /OCMT/ …), and the labels that banks print in plain statements. */
const fieldNames: readonly (readonly [Role, string])[] = [
  [
    'text',
    'SVWZ\\+|/(?:REMI|RMTINF|RFB|USTD|CDTRREF|RI|CNTP|PURP)/|/ ?MOTIF\\b|/ ?LIB\\b|TYT(?:\\.|ULEM)? ?:|TYTUL ?:',
  ],
  [
    'text',
    'OMSCHRIJVING ?:|MEDEDELING ?:|VERWENDUNGSZWECK ?:|ZAHLUNGSGRUND ?:|MITTEILUNGEN ?:|CONCEPTO ?:|CAUSALE\\b ?:?|BETALT ?:|BETALD ?:|MELDING ?:|MEDDELANDE ?:|MEDDELELSE ?:|BETALINGSINFO ?:',
  ],
  [
    'text',
    ' , |RECEIPT REF\\.|WITH REFERENCE |REMITTANCE INFO(?:RMATION)? ?:|DETAILS ?:|MESSAGE ?:|OBI ?[=:]|CO ENTRY DESCR ?:|\\bDES ?:|IND ID ?:|(?<!(?:CO|IND|ORIG) )\\bID ?:(?=.*\\bINDN ?:)|PMT INFO ?:|ZPRAVA(?: PRO PRIJEMCE)? ?:|COMMUNICATION ?:|REFERENCE ?:|BETREFF ?:',
  ],
  [
    'payer',
    '/(?:ORDP/NAME|ORDP|NAME|DBTR)/|/ ?DE\\b|ABWA\\+|NAAM ?:|NAME ?:|OD ?:|NADAWCA ?:|AUFTRAGGEBER ?:|ORDENANTE ?:|ORDINANTE ?:|ORD ?:|FRA ?:|FRAN ?:|BETALER ?:|FROM ?:|DISPOSTO DA |ORDINE DI ',
  ],
  [
    'payer',
    'RECEIVED MONEY FROM |(?<=RECEIPT REF\\..{0,60}) FROM |ORIG CO NAME ?:|ORG ?[=:]|ORIGINATOR ?:|PAYMENT FROM |DONNEUR D ?ORDRE ?:|PLATCE ?:|PRICHOZI UHRADA ',
  ],
  ['amount', '/(?:OCMT|INSTDAMT|TXAMT)/|INSTRUCTED AMOUNT ?:|ORIGINAL AMOUNT ?:|URSPRUNGSBETRAG ?:|BETRAG ORIGINAL ?:'],
  ['bank', 'ONLINE-SIC \\d{3,}|EREF\\+|KREF\\+|MREF\\+|CRED\\+|DEBT\\+|COAM\\+|OAMT\\+|ABWE\\+|IBAN\\+|BIC\\+'],
  [
    'bank',
    '/(?:ROC|EREF|IBAN|BIC|CSID|MARF|TRTP|EXCH|CHGS|TRCD|ISDT|VALD|PREF|SVCL|BENM|KREF)/|(?<!\\b[A-Z])/ ?REF\\b|T ?N ?R ?:|ID\\.? ?OPER\\b|KENMERK ?:|IBAN ?:|BIC ?:|VALUTADATUM ?:|DATUM\\/TIJD ?:|DATUM ?:?(?= ?\\d)',
  ],
  [
    'bank',
    'MACHTIGING ?:|TRACE# ?:|SEC ?:|CO ID ?:|INDN ?:|IND NAME ?:|ORIG ID ?:|DESC DATE ?:|EED ?:|TRN ?[=:]|ID TRN ?:|CRO ?:|BATCH ?:|KURS ?:|ENDTOEND(?: ?ID)? ?:|MANDAT(?:E|SREF)? ?:',
  ],
  ['bank', '\\bFP (?=\\d\\d/\\d\\d/\\d\\d)'],
  // The subfields of field 86 in MT940 statements, with the signs that banks of several countries put in front of them.
  ['bank', '(?:\\?|\\^|\\~)(?:00|10|3[0148])|(?:\\?|\\^|\\~)2\\d(?:EREF|KREF|MREF|CRED|DEBT)\\+'],
  ['text', '(?:\\?|\\^|\\~)2\\d(?:SVWZ\\+)?'],
  ['payer', '(?:\\?|\\^|\\~)3[23]'],
  // Labels of statements in other languages, always with their colon.
  [
    'text',
    '(?:MOTIF|VIESTI|SELGITUS|PASKIRTIS|MERKIS|KOZLEMENY|ACIKLAMA|AITIOLOGIA|OSNOVANIE|PRIZNACHENNYA|DETALII(?: PLATA)?|EXPLICATII|SVRHA|OPIS|NAMEN|MEMO|MESSAGGIO|DESCRIZIONE|DESCRICAO|DESCRIPCION|MITTEILUNG|UZENET) ?:',
  ],
  [
    'payer',
    '(?:(?<=\\bVIR.{0,40} )DE|PAYER|PLATNIK|PLATITEL|ZLECENIODAWCA|MAKSAJA|MAKSATAJS|MOKETOJAS|GAUTA IS|GONDEREN|REMETENTE|NALOGODAVAC|PLATIT) ?:',
  ],
]
const finder = fieldFinder(fieldNames.map(([, names]) => names))

/** Widths at which statement formats break the purpose: MT940 lines of 27, SWIFT lines of 35, plain lines of 65. */
const wrapWidths = [27, 35, 65] as const

/** Columns of blanks that may be the bank's and not the payer's: the one past each full line. A line that ended with a blank
 *  was trimmed before it was joined, so its successor begins one column earlier and nothing is broken there. */
function softBreaks(text: string, widths: readonly number[]): readonly number[] {
  for (const width of widths) {
    const columns = breaksAt(text, width)
    if (columns.length > 0) return columns
  }
  for (const width of wrapWidths) {
    const columns = breaksAt(text, width)
    if (columns.length > 0) return columns
  }
  return noColumns
}

const noColumns: readonly number[] = []
const blank = 32

/** The columns of such blanks where all lines are `width` wide; none where one is not. */
function breaksAt(text: string, width: number): readonly number[] {
  let columns: number[] | null = null
  let start = 0
  while (start + width < text.length - 1) {
    if (text.charCodeAt(start + width) === blank) {
      ;(columns ??= []).push(start + width)
      start += width + 1
    } else if (text.charCodeAt(start + width - 1) === blank) start += width
    else return noColumns
  }
  return columns ?? noColumns
}

function drop(text: string, columns: readonly number[]): string {
  let result = ''
  let from = 0
  for (const column of columns) {
    result += text.slice(from, column)
    from = column + 1
  }
  return result + text.slice(from)
}

interface Field {
  role: Role
  start: number
  end: number
}

const isLetterOrDigit = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 48 && code <= 57)

/** Between two numbers " , " parts a payer's list. */
const isWithinList = (text: string, start: number, end: number): boolean =>
  /\d/.test(text[start - 1] ?? '') && /^[A-Z]{0,5}[-/ ]?\d/.test(text.slice(end, end + 8))

function fieldsOf(text: string): Field[] {
  const fields: Field[] = []
  let role: Role = 'text'
  let start = 0
  for (let found = finder.next(text, 0); found !== null; found = finder.next(text, found.end)) {
    const { index, end, source } = found
    // A label that would begin within a word is none; one that begins with a blank or a bar begins where it likes.
    if (index > 0 && isLetterOrDigit(text.charCodeAt(index)) && isLetterOrDigit(text.charCodeAt(index - 1))) continue
    if (text.startsWith(' , ', index) && isWithinList(text, index, end)) continue
    // In columns parted by " , " the payer stands in the first.
    if (index > start)
      fields.push({ role: start === 0 && text.startsWith(' , ', index) ? 'payer' : role, start, end: index })
    role = fieldNames[source]?.[0] ?? 'text'
    start = end
  }
  if (start < text.length) fields.push({ role, start, end: text.length })
  return fields
}

const moneyPattern = /\b([A-Z]{3}) ?(\d[\d.,' ]*[.,]\d\d)(?!\d)|(\d[\d.,']*[.,]\d\d) ?([A-Z]{3})\b/g

/** Digits with a decimal comma or point as minor units of two decimals; null where there is none. */
function minorOf(digits: string): bigint | null {
  const match = /^(\d[\d.,' ]*?)[.,](\d{2})$/.exec(digits.trim())
  if (match === null) return null
  return BigInt(`${match[1]?.replace(/\D/g, '') ?? ''}${match[2]}`)
}

const noAmounts: Readonly<ReadLine['printed']> = []

/** Amounts that a text prints together with a currency code. */
export function printedAmounts(text: string): Readonly<ReadLine['printed']> {
  if (!/[.,]\d\d/.test(text)) return noAmounts
  return [...text.matchAll(moneyPattern)].flatMap((match) => {
    const currency = match[1] ?? match[4] ?? ''
    const amountMinor = minorOf(match[2] ?? match[3] ?? '')
    return amountMinor === null ? [] : [{ currency, amountMinor }]
  })
}

const placeholder = /\bNOT ?PROVIDED\b|\bNOTPROV[A-Z]* ?[A-Z]{0,6}\b|\bKS:\d{4}\b/g

const accountLike = /\b[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b/g

/** The one account that a text prints, by its check digits (ISO 13616: modulus 97). */
function onlyAccount(text: string): string | null {
  const found = new Set((text.match(accountLike) ?? []).map((one) => one.replaceAll(' ', '')).filter(isIban))
  const [only, another] = found
  return another === undefined ? (only ?? null) : null
}

const addOnce = (list: string[], text: string): void => {
  if (!list.includes(text)) list.push(text)
}

/** No payer writes more, and what is sought in a text takes longer than it is long. */
const textMax = 4_000

/** Reads a line in the layouts of many banks: what the bank adds is put aside, what the payer wrote is kept, and texts that
 *  were broken within a word are read both ways. Never fails: an unknown layout is one running text.
 *  `widths`: other columns at which this bank breaks its texts. */
export function readLine(transaction: MatchTransaction, widths: readonly number[] = []): ReadLine {
  const line: ReadLine = { payers: [], texts: [], breaks: [], printed: [], account: null }
  const { name, iban } = transaction.counterparty
  const reference = fold(transaction.reference.slice(0, textMax))
  const description = fold(transaction.description.slice(0, textMax))
  if (name !== '') line.payers.push(fold(name))
  else if (iban === null || iban === '') line.account = onlyAccount(description)
  readSource(line, reference, widths, name)
  if (description !== reference) readSource(line, description, widths, name)
  return line
}

/** Reads one folded text of a line. `name`: the payer's, where the bank gives it apart. */
function readSource(line: ReadLine, raw: string, widths: readonly number[], name: string): void {
  if (raw.trim() === '') return
  const fields = fieldsOf(raw)
  const columns = softBreaks(raw, widths)
  if (columns.length === 0) {
    for (const field of fields) readField(line, raw, field, columns, name)
    return
  }
  const whole = drop(raw, columns)
  const wholeFields = fieldsOf(whole)
  // A broken tag hides a field, so the reading with fewer fields is not trusted with the bank's own parts.
  if (wholeFields.length >= fields.length)
    for (const field of wholeFields) readField(line, whole, field, noColumns, name)
  if (fields.length >= wholeFields.length) for (const field of fields) readField(line, raw, field, columns, name)
}

/** Reads one field of a text. `columns`: where the text is broken. */
function readField(line: ReadLine, text: string, field: Field, columns: readonly number[], name: string): void {
  if (field.role === 'bank') return
  const body = text.slice(field.start, field.end)
  if (field.role === 'payer') {
    const isLong = name !== '' && body.length > name.length + 4
    // What runs on beyond the payer's name, where the bank gives that apart, is not the payer.
    const runsOn = isLong && body.includes(fold(name).slice(0, 12))
    if (!runsOn) addOnce(line.payers, body.replace(/[;,/]\s*$/, '').trim())
    // A layout that is not known may hold the payer's text in what looks like the payer: its digits are not lost.
    if (!isLong && !/\d{3}/.test(body)) return
  }
  if (field.role === 'amount') {
    line.printed.push(...printedAmounts(body))
    return
  }
  const clean = /NOT|KS:/.test(body) ? body.replace(placeholder, (found) => ' '.repeat(found.length)) : body
  if (clean.trim() === '') return
  line.texts.push(clean)
  line.breaks.push(breaksWithin(columns, field))
  for (const amount of printedAmounts(clean)) line.printed.push(amount)
}

function breaksWithin(columns: readonly number[], { start, end }: Field): readonly number[] {
  if (columns.length === 0) return noColumns
  return columns.filter((column) => column > start && column < end).map((column) => column - start)
}
