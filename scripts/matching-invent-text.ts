import { plain, squeezed, type Book, type Invoice } from './matching-invent-book.ts'
import { type Dice, printed } from './matching-invent-dice.ts'
import { type Land, type Layout, listOf } from './matching-invent-land.ts'
import type { Draft, Piece } from './matching-invent-plans.ts'

export interface Line {
  id: string
  amount: number
  currency: string
  direction: 'credit' | 'debit'
  date: string
  reference: string
  description: string
  counterparty: { name: string | null; iban: string | null }
}

/** What a payer wrote, piece by piece, and whether it can still be read in the line. */
export interface Written {
  piece: Piece
  text: string
  seen: boolean
}

export interface Habits {
  layouts: Layout[]
  /** The tenant's printed reference of an invoice, if it prints any. */
  referenceOf: ((invoice: Invoice) => string) | null
  /** Whether that reference holds nothing but the client. */
  referenceOfClient: boolean
}

export const numberOf = (invoice: Invoice): string => invoice.number || invoice.id

/** The number as a payer writes it: all of it, but perhaps without letters, marks or zeros. */
function spelled(dice: Dice, text: string): string {
  if (dice.chance(68)) return dice.chance(8) ? text.toLowerCase() : text
  return dice.pick([
    () => text.replaceAll(/[^A-Za-z0-9]/g, ''),
    () => text.replaceAll(/[^A-Za-z0-9]+/g, ' '),
    () => text.replace(/^[A-Z]+[-/ ]?(?=\d)/, ''),
    () => text.replaceAll(/(?<=[^0-9]|^)0+(?=\d)/g, ''),
    () => text.replaceAll(/[-/ ]+/g, dice.pick(['/', '-', '.'])),
  ])()
}

function slipped(dice: Dice, text: string): string {
  const places = [...text].flatMap((sign, at) => (/\d/.test(sign) ? [at] : [])).slice(-5)
  const at = dice.pick(places)
  const sign = text[at] ?? '0'
  const other = String((Number(sign) + 1 + dice.int(8)) % 10)
  return dice.pick([
    () => `${text.slice(0, at)}${other}${text.slice(at + 1)}`,
    () =>
      /\d/.test(text[at + 1] ?? '')
        ? `${text.slice(0, at)}${text[at + 1] ?? ''}${sign}${text.slice(at + 2)}`
        : `${text.slice(0, at)}${text.slice(at + 1)}`,
    () => `${text.slice(0, at)}${text.slice(at + 1)}`,
    () => `${text.slice(0, at)}${sign}${text.slice(at)}`,
  ])()
}

function numberText(
  dice: Dice,
  land: Land,
  piece: Extract<Piece, { is: 'number' }>,
  announced: boolean,
): { bare: string; text: string } {
  const whole = numberOf(piece.of)
  let bare = spelled(dice, whole)
  if (piece.as === 'slip') bare = slipped(dice, whole)
  if (piece.as === 'torn' && bare.length > 4) {
    const at = 2 + dice.int(bare.length - 3)
    bare = `${bare.slice(0, at)} ${bare.slice(at)}`
  }
  const word = dice.pick(listOf(land.invoice))
  return {
    bare,
    text: announced ? `${word}${dice.pick([' ', ' ', ' ', ': ', /^\d/.test(bare) ? '' : ' ', ' #'])}${bare}` : bare,
  }
}

function pieceText(book: Book, piece: Piece, before: Piece | undefined): { bare: string; text: string } {
  const { dice, land } = book
  const same = (text: string): { bare: string; text: string } => ({ bare: text, text })
  switch (piece.is) {
    case 'number':
      return numberText(dice, land, piece, before?.is !== 'number' && dice.chance(74))
    case 'customer': {
      const word = dice.pick(listOf(land.customer))
      return { bare: piece.of.id, text: `${word}${dice.pick([' ', ': ', '.', ' '])}${piece.of.id}` }
    }
    case 'domain':
      return same(piece.of.items[0]?.domain ?? '')
    case 'product':
      return same(piece.of.items[0]?.word ?? '')
    case 'month': {
      const from = piece.of.items[0]?.from ?? piece.of.date
      const name = listOf(land.months)[Number(from.slice(5, 7)) - 1] ?? ''
      return same(dice.pick([`${name} ${from.slice(0, 4)}`, name, `${from.slice(5, 7)}/${from.slice(0, 4)}`]))
    }
    case 'client':
      return same(piece.of.core || piece.of.name)
    default:
      return same(piece.text)
  }
}

function wrapped(text: string, width: number): string {
  const rows: string[] = []
  for (let at = 0; at < text.length; at += width) rows.push(text.slice(at, at + width))
  return rows.join(' ')
}

/** Fills a layout; a part in brackets needs all its fields. */
function filled(template: string, fields: Readonly<Record<string, string>>): string {
  const put = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_all, name: string) => fields[name] ?? '')
  return put(
    template.replaceAll(/\[([^\]]*)\]/g, (_all, part: string) =>
      [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => (fields[name ?? ''] ?? '') !== '') ? put(part) : '',
    ),
  )
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}

/** A name or a domain is still known by most of its letters; a number is not. */
function isSeen(piece: Piece, bare: string, all: string): boolean {
  if (bare === '') return false
  if (piece.is === 'client' || piece.is === 'domain')
    return all.includes(bare.slice(0, Math.max(10, Math.ceil(bare.length * 0.7))))
  return all.includes(bare)
}

const streets = 'ul. Polna 4|Hoofdstraat 12|Main Road 7|Via Roma 3|Storgata 9|Rua Nova 21|Calle Mayor 5'.split('|')

/** Shows a draft as the tenant's bank does. */
export function shown(
  book: Book,
  draft: Draft,
  habits: Habits,
  id: string,
): { line: Line; written: Written[]; structured: boolean; payer: string; account: boolean } {
  const { dice, land } = book
  const layout = dice.pick(habits.layouts)
  const reference =
    draft.structured !== undefined && habits.referenceOf !== null ? habits.referenceOf(draft.structured) : ''
  const pieces = reference !== '' && (dice.chance(75) || !layout.description.includes('{words}')) ? [] : draft.pieces
  const texts = pieces.map((piece, at) => ({ piece, ...pieceText(book, piece, pieces[at - 1]) }))
  const tight =
    texts.filter((one) => one.piece.is === 'number').length < 2 && !texts.some((one) => one.text.includes('/'))
  let words = texts.map((one) => one.text).join(dice.pick([' ', ' ', ' ', ', ', tight ? '/' : ' ']))
  if (draft.long === true) words = words.slice(0, Math.max(words.length - 1 - dice.int(6), 8))
  if (layout.words !== undefined) words = words.slice(0, layout.words)
  if (layout.wrap !== undefined) words = wrapped(words, layout.wrap)
  const name = draft.payer.name.slice(0, layout.names ?? 70)
  const account = draft.payer.account ?? ''
  const [year = '', month = '', day = ''] = draft.date.split('-')
  const fields: Record<string, string> = {
    words,
    structured: reference,
    NAME: name.toUpperCase(),
    name,
    ACCOUNT: account,
    account4: account.slice(-4),
    e2e: dice.pick(['NOTPROVIDED', 'NOTPROVIDED', dice.fill('@@##-######-####'), dice.digits(16)]),
    mandate: dice.fill('MNDT-######'),
    bankref: dice.fill('@@########'),
    trace: dice.digits(15),
    rrn: dice.digits(12),
    utr: dice.fill('@@@@R5202#######'),
    ifsc: dice.fill('@@@@0') + dice.digits(6),
    bic: dice.fill('@@@@@@2@'),
    bank4: dice.fill('@@@@'),
    digit4: dice.digits(4),
    digit6: dice.digits(6),
    digit8: dice.digits(8),
    digit10: dice.digits(10),
    dmy: `${day}.${month}.${year}`,
    dmY: `${day}/${month}/${year.slice(2)}`,
    ymd: `${year.slice(2)}${month}${day}`,
    dm: `${day}.${month}`,
    time: `${String(dice.int(24)).padStart(2, '0')}:${dice.digits(2).replace(/^[6-9]/, '4')}`,
    address: dice.pick(streets),
    tenant: book.tenant,
    amount: printed(draft.minor, land.decimal),
    instructed: draft.instructed ?? '',
    hex: Array.from({ length: 32 }, () => dice.pick([...'0123456789abcdef'])).join(''),
  }
  const template = draft.out === true ? (layout.debit ?? layout.description) : layout.description
  let description = filled(template, fields)
  if (draft.instructed !== undefined) description = `${description} /OCMT/${draft.instructed.replace(' ', '')}/`
  const style = (text: string): string => {
    const cased = layout.upper === true ? text.toUpperCase() : text
    return layout.plain === true ? plain(cased) : cased
  }
  description = style(layout.all === undefined ? description : description.slice(0, layout.all))
  const line: Line = {
    id,
    amount: draft.minor,
    currency: draft.currency,
    direction: draft.out === true ? 'debit' : 'credit',
    date: draft.date,
    reference: style(filled(layout.reference, fields)),
    description,
    counterparty: {
      name: layout.name === 'given' && name !== '' ? style(name) : null,
      iban: layout.account === 'given' ? draft.payer.account : null,
    },
  }
  const all = squeezed(`${line.reference} ${line.description}`)
  return {
    line,
    written: texts.map(({ piece, bare, text }) => ({ piece, text, seen: isSeen(piece, squeezed(bare), all) })),
    structured: reference !== '' && all.includes(squeezed(reference)),
    payer: name,
    account: account !== '' && (line.counterparty.iban !== null || all.includes(squeezed(account))),
  }
}
