import { addInvoice, type Book, type Client, emptyBook, type Invoice, numberBook } from './matching-invent-book.ts'
import { diceOf, later } from './matching-invent-dice.ts'
import { type Land, listOf } from './matching-invent-land.ts'
import { nothing } from './matching-invent-nothing.ts'
import { references, schemes } from './matching-invent-numbers.ts'
import { type Draft, fill, plans } from './matching-invent-plans.ts'
import { type Habits, type Line, numberOf, shown } from './matching-invent-text.ts'
import { Bookkeeper, type Opinion, type Shown } from './matching-invent-truth.ts'
import { weighted } from './matching-invent-dice.ts'

export interface Invented {
  name: string
  size: string
  land: string
  scheme: string
  book: Book
  lines: { shown: Shown; opinion: Opinion }[]
  history: { line: Line; invoice: Invoice; accepted: boolean }[]
}

export const sizes: Readonly<Record<string, { lines: number; open: number }>> = {
  solo: { lines: 60, open: 50 },
  regional: { lines: 1000, open: 1000 },
}

/** Invents a tenant: the same for the same seed. */
export function invent(land: Land, size: string, seed: number, hostile = false): Invented {
  const dice = diceOf(seed)
  const book = emptyBook(dice, land)
  const { lines, open } = sizes[size] ?? { lines: 60, open: 50 }
  const scheme = dice.pick(land.numbers !== undefined && dice.chance(60) ? listOf(land.numbers) : Object.keys(schemes))
  const layouts = dice.chance(60) ? [dice.pick(land.banks)] : [dice.pick(land.banks), dice.pick(land.banks)]
  const kind = land.references !== '' && dice.chance(60) ? dice.pick(listOf(land.references)) : ''
  const ofClient = dice.chance(30)
  const cold = dice.chance(35)
  const habits: Habits = {
    layouts,
    referenceOfClient: ofClient,
    referenceOf:
      kind === ''
        ? null
        : (invoice) => {
            const digits = numberOf(invoice).replaceAll(/\D/g, '')
            return references[kind]?.(ofClient ? invoice.client.id.padStart(7, '0') : digits) ?? ''
          },
  }
  const drafts: Draft[] = []
  if (hostile) fill(book, open)
  else while (drafts.length < lines * 0.77) drafts.push(...weighted(dice, plans)(book))
  fill(book, open)
  while (drafts.length < (hostile ? Math.min(lines, 400) : lines)) drafts.push(nothing(book, hostile))
  const past = cold ? [] : book.clients.flatMap((client) => earlier(book, client))
  numberBook(
    book,
    (schemes[scheme] ?? schemes['plain'] ?? (() => () => ''))(dice),
    dice.pick([900, 4100, 23_000, 118_000]) + dice.int(500),
  )
  const name = `${land.code.toLowerCase()}-${size}-${seed}`
  const history = past.map(({ draft, invoice }, at) => ({
    ...shown(book, draft, habits, `${name}-h${at}`),
    draft,
    invoice,
    accepted: true,
  }))
  const keeper = new Bookkeeper(
    book,
    history.flatMap(({ draft, invoice, account }) =>
      account ? [{ account: draft.payer.account, client: invoice.client }] : [],
    ),
    ofClient,
  )
  const sorted = drafts
    .map((draft, at) => ({ draft, at }))
    .sort((left, right) =>
      left.draft.date < right.draft.date ? -1 : left.draft.date > right.draft.date ? 1 : left.at - right.at,
    )
  const judged = sorted.map(({ draft }, at) => {
    const one: Shown = { draft, ...shown(book, draft, habits, `${name}-t${String(at).padStart(4, '0')}`) }
    return { shown: one, opinion: keeper.judge(one) }
  })
  return { name, size, land: land.code, scheme, book, lines: judged, history }
}

/** Payments of before that a person confirmed. */
function earlier(book: Book, client: Client): { draft: Draft; invoice: Invoice }[] {
  const { dice, land } = book
  return Array.from({ length: client.known }, (_, at) => {
    const invoice = addInvoice(book, client, { status: 'Paid', date: later(book.start, -80 - 30 * at) })
    const pieces: Draft['pieces'] = dice.chance(50)
      ? [{ is: 'number', of: invoice }]
      : [{ is: 'words', text: dice.pick(listOf(land.generic)) }]
    const draft: Draft = {
      class: 1,
      kind: 'past',
      date: later(invoice.date, 6),
      payer: { name: client.company || client.name, account: client.account },
      pieces,
      pays: [],
      minor: invoice.total,
      currency: invoice.currency,
    }
    return { draft, invoice }
  })
}
