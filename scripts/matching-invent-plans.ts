import {
  addClient,
  addInvoice,
  type Book,
  type Client,
  type Invoice,
  personName,
  priceOf,
  soundOf,
} from './matching-invent-book.ts'
import { daysBetween, later } from './matching-invent-dice.ts'
import { listOf } from './matching-invent-land.ts'

/** One thing that a payer wrote. */
export type Piece =
  | { is: 'number'; of: Invoice; as?: 'slip' | 'tail' | 'torn' | 'range' }
  | { is: 'customer'; of: Client }
  | { is: 'domain' | 'product' | 'month'; of: Invoice }
  | { is: 'client'; of: Client }
  | { is: 'words'; text: string }

export interface Draft {
  class: number
  kind: string
  date: string
  payer: { name: string; account: string | null; client?: Client }
  pieces: Piece[]
  /** Paid with the printed reference, if the tenant has one. */
  structured?: Invoice
  pays: { of: Invoice; minor: number }[]
  minor: number
  currency: string
  out?: true
  /** The text runs on until the bank cuts it. */
  long?: true
  instructed?: string
}

export type Plan = (book: Book) => Draft[]

const words = (text: string): Piece => ({ is: 'words', text })
const generic = (book: Book): Piece => words(book.dice.pick(listOf(book.land.generic)))
const number = (of: Invoice, as?: 'slip' | 'tail' | 'torn' | 'range'): Piece =>
  as === undefined ? { is: 'number', of } : { is: 'number', of, as }

/** Some days after the invoice, within the statement. */
function payDay(book: Book, invoice: Invoice): string {
  const day = later(invoice.date, book.dice.int(20))
  return day < book.start ? later(book.start, book.dice.int(10)) : day
}

/** How the client's own bank names it: the person, the company, half of it. */
function payerOf(book: Book, client: Client, full = false): Draft['payer'] {
  const { dice } = book
  const firm = client.company !== ''
  const roll = dice.int(100)
  const person = roll % 2 === 0 ? `${client.first} ${client.last}` : `${client.last} ${client.first}`
  let name = firm
    ? roll < 70
      ? client.company
      : roll < 85
        ? client.core
        : client.name
    : roll < 80
      ? client.name
      : person
  if (!full && !firm && roll >= 94) name = `${client.first.slice(0, 1)}. ${client.last}`
  if (!full && !firm && roll >= 90 && roll < 94)
    name = `${client.first} ${String.fromCodePoint(65 + dice.int(20))}. ${client.last}`
  return { name, account: client.account, client }
}

/** Somebody whose name no client bears. */
export function unknownPerson(book: Book): { first: string; last: string; name: string } {
  for (let round = 0; ; round += 1) {
    const known = personName(book.dice, book.land)
    // Where all names are taken, of two families.
    const last = round < 40 ? known.last : `${known.last}-${personName(book.dice, book.land).last}`
    const person = { ...known, last, name: `${known.first} ${last}` }
    if (
      ![`${person.first} ${person.last}`, `${person.last} ${person.first}`].some((name) =>
        book.takenNames.has(soundOf(name)),
      )
    ) {
      book.takenNames.add(soundOf(person.name))
      return person
    }
  }
}

const stranger = (book: Book): Draft['payer'] => ({ name: unknownPerson(book).name, account: null })

const pay = (book: Book, as: Partial<Draft> & { class: number; invoice: Invoice; pieces: Piece[] }): Draft => {
  const { invoice, ...rest } = as
  return {
    kind: '',
    date: payDay(book, invoice),
    payer: payerOf(book, invoice.client),
    pays: [{ of: invoice, minor: invoice.balance }],
    minor: invoice.balance,
    currency: invoice.currency,
    ...rest,
  }
}

const extra = (book: Book): Piece[] => {
  const { dice, land } = book
  if (dice.chance(75)) return []
  return [
    dice.pick([
      words(dice.fill(dice.pick(listOf(land.phone)))),
      generic(book),
      words(
        dice
          .fill('##.##.202#')
          .replace(
            /^(\d)(\d)\.(\d)(\d)/,
            (_all, a: string, b: string, _c: string, d: string) =>
              `${Number(a) % 3}${(Number(b) % 9) + 1}.0${(Number(d) % 9) + 1}`,
          ),
      ),
    ]),
  ]
}

const exact: Plan = (book) => {
  const invoice = addInvoice(book, addClient(book))
  const draft = pay(book, {
    class: 1,
    invoice,
    pieces: [number(invoice), ...extra(book)],
    ...(book.dice.chance(45) ? { structured: invoice } : {}),
  })
  if (book.dice.chance(20)) draft.pieces.unshift({ is: 'customer', of: invoice.client })
  if (!book.dice.chance(5)) return [draft]
  return [draft, { ...draft, class: 12, kind: 'double', date: later(draft.date, 1 + book.dice.int(4)), pays: [] }]
}

const torn: Plan = (book) => {
  const invoice = addInvoice(book, addClient(book))
  if (book.dice.chance(50)) return [pay(book, { class: 2, invoice, pieces: [number(invoice, 'torn')] })]
  return [
    pay(book, {
      class: 2,
      invoice,
      long: true,
      pieces: [
        generic(book),
        { is: 'domain', of: invoice },
        generic(book),
        { is: 'product', of: invoice },
        number(invoice),
      ],
    }),
  ]
}

const slip: Plan = (book) => {
  const invoice = addInvoice(book, addClient(book))
  const payer = book.dice.chance(12) ? stranger(book) : payerOf(book, invoice.client)
  return [pay(book, { class: 3, invoice, payer, pieces: [number(invoice, 'slip'), ...extra(book)] })]
}

const stale: Plan = (book) => {
  const { dice } = book
  const invoice = addInvoice(book, addClient(book))
  const kind = dice.pick(['old', 'old', 'other', 'reissued'])
  let named = addInvoice(book, invoice.client, { date: later(invoice.date, -32), total: invoice.total, status: 'Paid' })
  if (kind === 'reissued')
    named = addInvoice(book, invoice.client, {
      date: later(invoice.date, -6),
      total: invoice.total,
      status: 'Cancelled',
    })
  if (kind === 'other') {
    named = addInvoice(book, addClient(book), { date: later(invoice.date, -3) })
    if (named.balance === invoice.balance) named.total = named.balance = named.balance + 101
  }
  return [
    pay(book, {
      class: 4,
      kind,
      invoice,
      date: later(payDay(book, invoice), 8),
      payer: payerOf(book, invoice.client, true),
      pieces: [number(named)],
    }),
  ]
}

const nameOnly: Plan = (book) => {
  const invoice = addInvoice(book, addClient(book))
  const kind = book.dice.pick([
    'generic',
    'generic',
    'domain',
    'domain',
    'month',
    'product',
    'customer',
    'customer',
    'empty',
  ])
  if (book.dice.chance(40)) addInvoice(book, invoice.client, { date: later(invoice.date, -40), status: 'Paid' })
  const pieces: Record<string, Piece[]> = {
    generic: [generic(book)],
    domain: [{ is: 'domain', of: invoice }, ...extra(book)],
    month: [
      { is: 'product', of: invoice },
      { is: 'month', of: invoice },
    ],
    product: [{ is: 'product', of: invoice }],
    customer: [{ is: 'customer', of: invoice.client }, ...extra(book)],
    empty: [],
  }
  return [pay(book, { class: 5, kind, invoice, pieces: pieces[kind] ?? [] })]
}

const third: Plan = (book) => {
  const { dice, land } = book
  const invoice = addInvoice(book, addClient(book))
  const { client } = invoice
  const kind = dice.pick(['agency', 'director', 'spouse', 'parent'])
  const other = unknownPerson(book)
  const name =
    kind === 'agency'
      ? `${dice.pick(listOf(land.trades))} Media ${dice.pick(['Nova', 'Plus', 'Orbit', 'Delta'])}`
      : kind === 'spouse'
        ? spouseName(book, client)
        : other.name
  const says = dice.pick(['num', 'num', 'num', 'name', 'nothing'])
  const pieces =
    says === 'num'
      ? [number(invoice)]
      : says === 'name'
        ? [words(dice.pick(listOf(land.forWhom))), { is: 'client', of: client } as Piece]
        : [generic(book)]
  return [
    pay(book, {
      class: 6,
      kind: `${kind}-${says}`,
      invoice,
      payer: { name, account: dice.chance(60) ? client.account : null },
      pieces,
    }),
  ]
}

function spouseName(book: Book, client: Client): string {
  for (;;) {
    const name = `${personName(book.dice, book.land).first}-${personName(book.dice, book.land).first} ${client.last}`
    if (book.takenNames.has(soundOf(name))) continue
    book.takenNames.add(soundOf(name))
    return name
  }
}

/** Says nothing of a service either. */
const unspecific = (book: Book): string => {
  const services = listOf(book.land.products).map((one) => one.toLowerCase())
  return book.dice.pick(
    listOf(book.land.generic).filter((text) => !services.some((one) => one.includes(text.toLowerCase()))),
  )
}

const sameAmount: Plan = (book) => {
  const { dice } = book
  const kind = dice.pick(['client', 'namesake', 'namesake', 'stranger'])
  const one = addInvoice(book, addClient(book, { person: kind === 'namesake' }))
  const other =
    kind === 'client' ? one.client : kind === 'namesake' ? addClient(book, { like: one.client }) : addClient(book)
  const two = addInvoice(book, other, {
    total: dice.chance(65) ? one.total : priceOf(book),
    date: later(one.date, -dice.int(9)),
    domain: other.domains[1] ?? '',
  })
  const invoice = dice.pick([one, two])
  const says = dice.pick(['number', 'number', 'domain', 'customer', 'nothing'])
  const pieces: Record<string, Piece[]> = {
    number: [number(invoice)],
    domain: [{ is: 'domain', of: invoice }],
    customer: [{ is: 'customer', of: invoice.client }],
    nothing: [words(unspecific(book))],
  }
  return [
    pay(book, {
      class: 7,
      kind: `${kind}-${says}`,
      invoice,
      payer: kind === 'stranger' ? stranger(book) : payerOf(book, invoice.client, true),
      pieces: pieces[says] ?? [],
    }),
  ]
}

const twins: Plan = (book) => {
  const { dice, land } = book
  const client = addClient(book)
  const total = priceOf(book)
  const product = dice.pick(listOf(land.products))
  const day = String(1 + dice.int(27)).padStart(2, '0')
  const begin = later(book.start, -75)
  const monthly = (at: number): string => {
    const month = Number(begin.slice(0, 4)) * 12 + Number(begin.slice(5, 7)) - 1 + at
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-${day}`
  }
  const count = 2 + dice.int(2)
  const row = Array.from({ length: count }, (_, at) =>
    addInvoice(book, client, { total, product, date: monthly(at), period: later(monthly(at), dice.pick([0, 0, 1])) }),
  )
  const kind = dice.pick(['fifo', 'fifo', 'month', 'number', 'standing'])
  const payer = payerOf(book, client, true)
  const chosen = kind === 'month' || kind === 'number' ? dice.pick(row) : row[0]
  if (chosen === undefined) return []
  const date = later(payDay(book, row.at(-1) ?? chosen), 1)
  if (kind === 'standing')
    return row.slice(0, 2).map((invoice, at) =>
      pay(book, {
        class: 8,
        kind,
        invoice,
        payer,
        date: later(date, at * 9),
        pieces: [{ is: 'product', of: invoice }],
      }),
    )
  const pieces: Piece[] =
    kind === 'number'
      ? [number(chosen)]
      : kind === 'month'
        ? [
            { is: 'product', of: chosen },
            { is: 'month', of: chosen },
          ]
        : [generic(book)]
  return [pay(book, { class: 8, kind, invoice: chosen, payer, date, pieces })]
}

const parts: Plan = (book) => {
  const { dice, land } = book
  const invoice = addInvoice(book, addClient(book), { total: priceOf(book) * 3 })
  const payer = payerOf(book, invoice.client, true)
  const word = listOf(land.part)
  const kind = dice.pick(['instalment', 'instalment', 'part', 'unnamed'])
  const first =
    kind === 'instalment' ? Math.floor(invoice.balance / 2) : Math.floor((invoice.balance * (25 + dice.int(50))) / 100)
  const date = payDay(book, invoice)
  if (kind === 'unnamed')
    return [
      pay(book, {
        class: 9,
        kind,
        invoice,
        payer,
        minor: first,
        pays: [{ of: invoice, minor: first }],
        pieces: [words(word[0] ?? '')],
      }),
    ]
  const one = pay(book, {
    class: 9,
    kind,
    invoice,
    payer,
    date,
    minor: first,
    pays: [{ of: invoice, minor: first }],
    pieces: [number(invoice), words(kind === 'instalment' ? '1/2' : (word[0] ?? ''))],
  })
  if (kind === 'part' && dice.chance(50)) return [one]
  const rest = invoice.balance - first
  return [
    one,
    pay(book, {
      class: 9,
      kind: kind === 'part' ? 'remainder' : kind,
      invoice,
      payer,
      date: later(date, 6 + dice.int(12)),
      minor: rest,
      pays: [{ of: invoice, minor: rest }],
      pieces: dice.chance(60)
        ? [number(invoice), words(kind === 'instalment' ? '2/2' : (word.at(-1) ?? ''))]
        : [words(word.at(-1) ?? '')],
    }),
  ]
}

const several: Plan = (book) => {
  const { dice, land } = book
  const client = addClient(book)
  const kind = dice.pick(['named', 'named', 'named', 'first', 'unnamed', 'unnamed', 'all', 'deposit', 'second'])
  const count = kind === 'unnamed' ? 2 + dice.int(2) : 2 + dice.int(4)
  const clients =
    kind === 'deposit'
      ? Array.from({ length: count }, () => addClient(book))
      : Array.from({ length: count }, () => client)
  const at = later(book.start, dice.int(book.days) - 25)
  const row = clients.map((one, place) =>
    addInvoice(book, one, { date: later(at, -place * 3), domain: one.domains[place % 3] ?? '' }),
  )
  // What is owed twice could be paid in two ways.
  for (const [place, one] of row.entries())
    while (row.some((other, before) => before < place && other.total === one.total))
      one.total = one.balance = one.total + 111
  if (kind === 'unnamed' || kind === 'first')
    addInvoice(book, client, { date: later(at, -2), total: 131 + Math.max(...row.map((one) => one.total)) })
  if (kind === 'second') {
    const [one, two] = row
    if (one !== undefined && two !== undefined)
      for (const like of [one, two])
        addInvoice(book, client, {
          date: later(like.date, -4),
          total: like.total + (like === one ? -37 : 37),
          domain: client.domains[2] ?? '',
        })
  }
  const paid = kind === 'second' ? row.slice(0, 2) : row
  const minor = paid.reduce((sum, one) => sum + one.balance, 0)
  const pieces: Piece[] =
    kind === 'named' || kind === 'deposit'
      ? paid.flatMap((one, place): Piece[] => [
          ...(place > 0 && dice.chance(30) ? [words(dice.pick([land.and, '+', ',', '&', ';']))] : []),
          number(one),
        ])
      : kind === 'first' && paid[0] !== undefined
        ? [number(paid[0]), words('etc')]
        : [generic(book)]
  const payer =
    kind === 'deposit'
      ? { name: `${dice.pick(listOf(land.trades))} Group`, account: null }
      : payerOf(book, client, true)
  return [
    {
      class: 10,
      kind,
      date: later(at, 4),
      payer,
      pieces,
      pays: paid.map((of) => ({ of, minor: of.balance })),
      minor,
      currency: book.currency,
    },
  ]
}

const off: Plan = (book) => {
  const { dice } = book
  const kind = dice.pick(['fee', 'fee', 'round', 'round', 'net', 'fx', 'fx-shown'])
  const foreign = kind.startsWith('fx')
  const invoice = addInvoice(book, addClient(book), foreign ? { currency: book.land.foreign } : {})
  const payer = payerOf(book, invoice.client, true)
  if (foreign) {
    const minor = Math.round((invoice.balance * (700 + dice.int(600))) / 1000)
    const named = dice.chance(60) ? [number(invoice)] : [generic(book)]
    return [
      {
        ...pay(book, { class: 11, kind, invoice, payer, pieces: named }),
        minor,
        currency: book.currency,
        ...(kind === 'fx-shown' ? { instructed: `${invoice.currency} ${(invoice.balance / 100).toFixed(2)}` } : {}),
      },
    ]
  }
  const whole = invoice.balance
  const minor =
    kind === 'net'
      ? Math.round((whole * 100) / 121)
      : kind === 'round'
        ? dice.chance(50)
          ? whole - (whole % 100)
          : whole + dice.pick([-3, -2, -1, 1, 2])
        : Math.max(100, whole - dice.pick([150, 250, 500, 1000, 1500]))
  if (minor >= whole) return [pay(book, { class: 11, kind, invoice, payer, minor, pieces: [number(invoice)] })]
  return [
    pay(book, {
      class: 11,
      kind,
      invoice,
      payer,
      minor,
      pays: [{ of: invoice, minor }],
      pieces: dice.chance(75) || kind === 'net' ? [number(invoice)] : [generic(book)],
    }),
  ]
}

const over: Plan = (book) => {
  const { dice } = book
  const client = addClient(book)
  const payer = payerOf(book, client, true)
  const kind = dice.pick(['surplus', 'double-of-paid', 'early', 'early-no-invoice'])
  if (kind === 'surplus') {
    const invoice = addInvoice(book, client)
    return [
      pay(book, {
        class: 12,
        kind,
        invoice,
        payer,
        minor: invoice.balance + dice.pick([100, 500, 1000, 2500]),
        pieces: [number(invoice)],
      }),
    ]
  }
  if (kind === 'early') {
    const invoice = addInvoice(book, client, { date: later(book.start, 12 + dice.int(30)) })
    return [
      pay(book, {
        class: 12,
        kind,
        invoice,
        payer,
        date: later(invoice.date, -4 - dice.int(5)),
        pieces: [
          { is: 'domain', of: invoice },
          { is: 'product', of: invoice },
        ],
      }),
    ]
  }
  const old = addInvoice(book, client, { status: 'Paid', date: later(book.start, -10) })
  const date = later(book.start, 1 + dice.int(6))
  return [
    {
      class: 12,
      kind,
      date,
      payer,
      pieces: kind === 'early-no-invoice' ? [{ is: 'product', of: old }] : [number(old)],
      pays: [],
      minor: old.total + (kind === 'early-no-invoice' ? 333 : 0),
      currency: book.currency,
    },
  ]
}

/** With the weights of the open books. */
export const plans: readonly (readonly [number, Plan])[] = [
  [158, exact],
  [74, torn],
  [53, slip],
  [40, stale],
  [101, nameOnly],
  [60, third],
  [50, sameAmount],
  [44, twins],
  [34, parts],
  [55, several],
  [48, off],
  [24, over],
]

/** Clients and invoices that nobody pays now, so that the book is as full as it should be. */
export function fill(book: Book, open: number): void {
  while (book.invoices.filter((one) => one.status === 'Unpaid').length < open) {
    const client = addClient(book)
    for (let at = 0; at < 1 + book.dice.int(2); at += 1) addInvoice(book, client, { domain: client.domains[at] ?? '' })
    if (book.dice.chance(25))
      addInvoice(book, client, {
        status: book.dice.pick(['Paid', 'Paid', 'Cancelled', 'Refunded', 'Collections', 'Draft']),
      })
  }
}

export const isOpenAt = (invoice: Invoice, date: string): boolean =>
  invoice.status === 'Unpaid' && daysBetween(date, invoice.date) <= 3
