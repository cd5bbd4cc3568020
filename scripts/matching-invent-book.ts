import { daysBetween, type Dice, later, weighted } from './matching-invent-dice.ts'
import { type Land, listOf } from './matching-invent-land.ts'
import { ibanOf, type Scheme } from './matching-invent-numbers.ts'

export interface Client {
  id: string
  first: string
  last: string
  /** As the billing system holds it. */
  name: string
  company: string
  /** The company without its legal form; empty for a person. */
  core: string
  email: string
  domains: string[]
  account: string | null
  /** How often a person confirmed this payer before. */
  known: number
  /** Bears the name of another client. */
  namesake?: true
}

export interface Item {
  /** As payers call it, as the invoice does. */
  word: string
  product: string
  domain: string
  from: string
}

export interface Invoice {
  key: number
  client: Client
  date: string
  due: string
  total: number
  balance: number
  currency: string
  status: string
  items: Item[]
  /** Known when the book is numbered. */
  id: string
  number: string
}

export interface Book {
  land: Land
  dice: Dice
  start: string
  days: number
  currency: string
  clients: Client[]
  invoices: Invoice[]
  tenant: string
  prices: number[]
  firstClient: number
  takenNames: Set<string>
  takenDomains: Set<string>
}

const roman: Readonly<Record<string, string>> = Object.fromEntries(
  'а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia ъ=a ы=y α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o ø=o æ=ae å=a ß=ss ł=l đ=d ı=i þ=th œ=oe'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
)

/** Plain Latin letters, as banks' old systems have it; case is kept. */
export function plain(text: string): string {
  return [...text.normalize('NFD').replaceAll(/[̀-ͯ]/g, '')]
    .map((sign) => {
      const low = sign.toLowerCase()
      const to = roman[low]
      if (to === undefined) return sign
      return low === sign ? to : `${to.slice(0, 1).toUpperCase()}${to.slice(1)}`
    })
    .join('')
}

/** How a name sounds, so that no two clients differ by a doubled letter. */
export const soundOf = (name: string): string => squeezed(name).replaceAll(/(.)\1+/g, '$1')

/** Only letters and digits, all plain capitals. */
export const squeezed = (text: string): string =>
  plain(text)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')

const syllables =
  'lum|ver|tor|mira|sol|nex|alba|quin|ost|rav|dell|pico|zen|kor|bel|tar|vio|lan|mod|ery|gal|hux|nim|pra|sta|umb|wex|yar|fjo|cam'.split(
    '|',
  )

function companyName(dice: Dice, land: Land, last: string): string {
  const trade = dice.pick(listOf(land.trades))
  const made = `${dice.pick(syllables)}${dice.pick(syllables)}${dice.chance(40) ? dice.pick(syllables) : ''}`
  const word = `${made.slice(0, 1).toUpperCase()}${made.slice(1)}`
  return dice.chance(45)
    ? `${last} ${trade}`
    : dice.chance(70)
      ? `${word} ${trade}`
      : `${word}${dice.pick(['ix', 'ora', 'tek', 'wave', 'line'])}`
}

export function accountOf(dice: Dice, land: Land): string | null {
  const long = /^IBAN(\d+)$/.exec(land.account)
  if (long !== null) return ibanOf(dice, land.code, Number(long[1]))
  return land.account === '' ? null : dice.fill(land.account)
}

export function personName(dice: Dice, land: Land): { first: string; last: string; name: string } {
  const first = dice.pick(listOf(land.first))
  let last = dice.pick(listOf(land.last))
  if (dice.chance(60)) last = blended(last, dice.pick(listOf(land.last)))
  if (dice.chance(6)) last = `${last}-${dice.pick(listOf(land.last))}`
  return { first, last, name: land.lastFirst === true ? `${last} ${first}` : `${first} ${last}` }
}

/** Another family name that sounds of the same country: the beginning of one, the end of another. */
const blended = (one: string, other: string): string =>
  `${one.slice(0, Math.ceil(one.length / 2))}${other.slice(Math.floor(other.length / 2)).toLowerCase()}`

/** A new client; nobody else bears the name, unless one is given. */
export function addClient(book: Book, as: { person?: boolean; like?: Client } = {}): Client {
  const { dice, land } = book
  let person = personName(dice, land)
  let company = ''
  let core = ''
  let form = ''
  for (let round = 0; ; round += 1) {
    if (round > 2000) throw new Error('Names have run out')
    person = personName(dice, land)
    if (as.like !== undefined) person = { first: as.like.first, last: as.like.last, name: as.like.name }
    const firm = as.person !== true && as.like === undefined && dice.chance(55)
    core = firm ? companyName(dice, land, person.last) : ''
    form = firm ? dice.pick(listOf(land.forms)) : ''
    company = firm ? (form.startsWith('^') ? `${form.slice(1)} ${core}` : `${core} ${form}`) : ''
    const names = [soundOf(person.name), soundOf(core)].filter((name) => name !== '')
    if (as.like === undefined && names.some((name) => book.takenNames.has(name))) continue
    for (const name of names) book.takenNames.add(name)
    break
  }
  const base = squeezed(core === '' ? person.name : core)
    .toLowerCase()
    .slice(0, 22)
  const domains: string[] = []
  for (const extra of ['', dice.pick(['shop', 'online', 'blog', 'app']), dice.pick(['media', 'web', 'hub', 'home'])]) {
    let domain = `${base}${extra}.${dice.pick(listOf(land.tlds))}`
    if (book.takenDomains.has(domain)) domain = `${base}${extra}${dice.digits(3)}.${dice.pick(listOf(land.tlds))}`
    book.takenDomains.add(domain)
    domains.push(domain)
  }
  const client: Client = {
    id: String(Number(book.clients.at(-1)?.id ?? book.firstClient) + 1 + (dice.chance(20) ? 1 : 0)),
    ...person,
    company,
    core,
    email: dice.chance(50)
      ? `info@${domains[0] ?? ''}`
      : `${squeezed(person.first).toLowerCase()}.${squeezed(person.last).toLowerCase()}${dice.int(90)}@${dice.pick(['gmail.com', 'outlook.com', 'yahoo.com'])}`,
    domains,
    account: accountOf(dice, land),
    known: dice.chance(45) ? 1 + dice.int(6) : 0,
    ...(as.like === undefined ? {} : { namesake: true as const }),
  }
  book.clients.push(client)
  return client
}

/** A price of the list, or one of its own (part of a month, several items). */
export function priceOf(book: Book): number {
  const { dice } = book
  const listed = dice.pick(book.prices)
  if (dice.chance(45)) return listed
  return Math.max(100, Math.round((listed * (20 + dice.int(180))) / 100) + dice.int(90))
}

export function addInvoice(
  book: Book,
  client: Client,
  as: {
    date?: string
    total?: number
    status?: string
    domain?: string
    product?: string
    currency?: string
    balance?: number
    period?: string
  } = {},
): Invoice {
  const { dice, land } = book
  const date = as.date ?? later(book.start, dice.int(book.days) - 25)
  const named = as.product ?? dice.pick(listOf(land.products))
  const [word = '', product = ''] = named.split('=')
  const total = as.total ?? priceOf(book)
  const status = as.status ?? 'Unpaid'
  const invoice: Invoice = {
    key: book.invoices.length,
    client,
    date,
    due: later(date, dice.pick([7, 14, 14, 30])),
    total,
    balance: as.balance ?? (status === 'Unpaid' ? total : 0),
    currency: as.currency ?? book.currency,
    status,
    items: [{ word, product, domain: as.domain ?? client.domains[0] ?? '', from: as.period ?? later(date, 14) }],
    id: '',
    number: '',
  }
  book.invoices.push(invoice)
  return invoice
}

/** Gives ids and numbers in the order of the days. */
export function numberBook(book: Book, scheme: Scheme, firstId: number): void {
  const inYear = new Map<string, number>()
  const ofClient = new Map<string, number>()
  let running = 0
  let id = firstId
  const { dice } = book
  const first = book.dice.int(900)
  for (const invoice of [...book.invoices].sort(
    (left, right) => daysBetween(right.date, left.date) || left.key - right.key,
  )) {
    running += 1 + (dice.chance(12) ? 1 : 0)
    id += 1 + (dice.chance(25) ? dice.int(3) : 0)
    const year = invoice.date.slice(0, 4)
    inYear.set(year, (inYear.get(year) ?? first) + 1)
    ofClient.set(invoice.client.id, (ofClient.get(invoice.client.id) ?? 0) + 1)
    invoice.id = String(id)
    invoice.number = scheme({
      running: running + first,
      inYear: inYear.get(year) ?? 1,
      ofClient: ofClient.get(invoice.client.id) ?? 1,
      date: invoice.date,
      client: invoice.client.id,
    })
  }
}

export function emptyBook(dice: Dice, land: Land): Book {
  const base = weighted(dice, [
    [1, 400],
    [2, 900],
    [2, 1500],
  ])
  return {
    land,
    dice,
    start: later('2026-01-01', dice.int(330)),
    days: 45,
    currency: land.currency,
    clients: [],
    invoices: [],
    tenant: `${dice.pick(['Nordhost', 'Webhaven', 'Klarnet', 'Hostarium', 'Servora'])} ${listOf(land.forms).filter((form) => !form.startsWith('^'))[0] ?? ''}`,
    prices: Array.from({ length: 14 }, (_, at) => base + at * (137 + dice.int(700)) + dice.pick([0, 50, 99, 95])),
    firstClient: dice.pick([101, 1001, 4210, 23_100]) + dice.int(60),
    takenNames: new Set(),
    takenDomains: new Set(),
  }
}
