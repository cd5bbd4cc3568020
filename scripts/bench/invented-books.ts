import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'

/** An invented hoster's book of any size, for measuring time: as many open invoices as bank lines, the same bytes every time.
 *  Nothing about quality can be learned from it. Names, domains and accounts grow with the size as they do in life; prices do
 *  not, so that a large book has thousands of invoices of one amount. */
export interface InventedBook {
  transactions: string
  invoices: string
}

const first =
  'Anna Lars Ingrid Thomas Maria Peter Silje Knut Eva Jan Katarzyna Piotr Marie Jean Luca Giulia Carlos Lucía Sven Heike Jürgen Åse Øyvind Zoë Émile Tomáš Jiří Hana Paul Emma Noah Mia Ben Lea Tim Nina Ole Ida Max Ella'.split(
    ' ',
  )
const syllables =
  'berg hagen vik strand mann sen feld hof bach stein dal rud moen lund gren ström kov ski nov ák ler ner witz brück thal wald see burg dorf heim stad holm by haug nes ås myr eng tveit sund'.split(
    ' ',
  )
const trades =
  'Media Bygg Elektro Data Design Consulting Optik Bau Immobilien Garten Print Logistik Foto Travel Foods'.split(' ')
const forms = ['GmbH', 'AS', 'BV', 'Ltd', 'SARL', 's.r.o.', 'AB', 'SRL']
const services = ['Business Hosting', 'Starter Hosting', 'Domain Renewal', 'Managed Server', 'SSL Certificate']
const tlds = ['de', 'no', 'com', 'eu', 'nl', 'it']
const purposes = ['Rent', 'Salary September', 'Umbuchung', 'Refund order', 'Dinner', 'Vår ref', 'Settlement', 'Thanks']

/** A fixed stream of numbers below `below`. */
export function dice(seed: number): (below: number) => number {
  let state = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) ^ 0x297a2d39
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
}

interface Client {
  id: string
  name: string
  company: string
  domain: string
  iban: string
}

/** Client `at` of any book: the same for every size. */
function clientOf(at: number): Client {
  const roll = dice(at * 7 + 1)
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T
  const surname = capital(pick(syllables) + pick(syllables) + (roll(3) === 0 ? pick(syllables) : ''))
  const name = `${pick(first)} ${surname}`
  const brand = capital(pick(syllables) + pick(syllables))
  const company = roll(10) < 4 ? `${roll(2) === 0 ? surname : brand} ${pick(trades)} ${pick(forms)}` : ''
  return {
    id: String(30_000 + at),
    name,
    company,
    domain: `${plain(company === '' ? name : company)}${at % 97}.${pick(tlds)}`,
    iban: `DE${10 + roll(89)}${String(10_000_000 + roll(90_000_000))}${String(at).padStart(10, '0')}`,
  }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/-+$/, '')

const invoicesPerClient = 1.3
const day = (at: number): string => new Date(Date.UTC(2024, 6, 1 + at)).toISOString().slice(0, 10)
/** Whose an invoice is: spread evenly, so that most clients owe one or two and a few owe five or six. */
const clientAt = (invoice: number, size: number): Client =>
  clientOf(dice(invoice * 31 + 11)(Math.ceil(size / invoicesPerClient)))
const priceOf = (invoice: number): number => {
  const roll = dice(invoice * 13 + 5)
  return (99 + roll(160) * 50) * (1 + roll(3)) + roll(4) * 25
}
const numberOf = (invoice: number): string => `INV-${200_000 + invoice}`
const money = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`

/** Invoice `at` of a book of `size`, as a JSON line. */
export function invoiceLine(at: number, size: number): string {
  const client = clientAt(at, size)
  const total = money(priceOf(at))
  const date = day(at % 90)
  return `{"id":"${100_000 + at}","number":"${numberOf(at)}","total":${total},"balance":${total},"currency":"EUR","date":"${date}","due_date":"${day((at % 90) + 14)}","status":"Unpaid","client":{"id":"${client.id}","name":"${client.name}","company":"${client.company}","email":"info@${client.domain}"},"items":[{"description":"${services[at % services.length]} - ${client.domain} (${day((at % 90) + 14)} - ${day((at % 90) + 44)})"}]}\n`
}

/** Bank line `at`, which pays an invoice of a book of `size`, or none, as a JSON line. */
export function transactionLine(at: number, invoice: number, size: number): string {
  const roll = dice(at * 17 + 3)
  const client = clientAt(invoice, size)
  const digits = numberOf(invoice).slice(4)
  const payer = roll(3) === 0 && client.company !== '' ? client.company : client.name
  const kind = roll(100)
  let amount = priceOf(invoice)
  let text: string
  if (kind < 48) text = ['Rechnung ', 'INV-', 'Faktura ', 'Invoice no. ', 'Rg.Nr. ', ''][roll(6)] + digits
  else if (kind < 58) text = `${digits.slice(0, 3)} ${digits.slice(3)} ${client.domain}`
  else if (kind < 70) text = `Hosting ${client.domain}`
  else if (kind < 82) text = `Payment ${client.company || client.name}`
  else if (kind < 88) text = `Invoice ${digits.slice(0, -1)}${(Number(digits.at(-1)) + 3) % 10}`
  else text = `${purposes[roll(purposes.length)]} ${roll(1_000_000)}`
  if (kind >= 88) amount = 500 + roll(90_000)
  else if (kind % 20 === 7) amount -= roll(Math.floor(amount / 2))
  const other = kind >= 88 ? clientOf(1_000_000_000 + roll(1_000_000)) : client
  const upper = payer.toUpperCase()
  const day2 = day(60 + (at % 31))
  const [year, month, date] = day2.split('-')
  const layouts: [reference: string, description: string, hasName: boolean][] = [
    [text, `SEPA GUTSCHRIFT ${upper}`, true],
    ['', `SVWZ+${text} EREF+NOTPROVIDED ABWA+${upper} IBAN+${other.iban}`, false],
    ['', `Fra: ${upper} Betalt: ${date}.${month}.${year?.slice(2)} ${text}`, true],
    ['', `/TRTP/SEPA OVERBOEKING/IBAN/${other.iban}/BIC/ABNANL2A/NAME/${upper}/REMI/${text}/EREF/NOTPROVIDED`, false],
    ['', `PRZELEW PRZYCHODZACY OD: ${upper}; TYT.: ${text}; TNR: ${roll(1e9)}${roll(1e9)}`, true],
    ['', `GIRO AUS ONLINE-SIC ${roll(99_999)} AUFTRAGGEBER: ${upper} MITTEILUNGEN: ${text}`, true],
    [text, '', true],
    ['', `FROM ${upper} ${text} FP ${date}/${month}/${year?.slice(2)} ${roll(1e9)}${roll(1e9)}`, true],
  ]
  const [reference, description, hasName] = layouts[roll(layouts.length)] as (typeof layouts)[number]
  const name = kind >= 88 ? other.name : payer
  const said = (value: string): string => (kind >= 88 ? value.replaceAll(upper, other.name.toUpperCase()) : value)
  return `{"id":"t${String(at).padStart(8, '0')}","amount":${money(amount)},"currency":"EUR","direction":"${at % 25 === 24 ? 'debit' : 'credit'}","date":"${day2}","reference":"${said(reference)}","description":"${said(description)}","counterparty":{"name":${hasName ? `"${name}"` : 'null'},"iban":${roll(4) === 0 ? 'null' : `"${other.iban}"`}}}\n`
}

/** Writes a book of `size` open invoices and as many bank lines. */
export async function inventBook(folder: string, size: number): Promise<InventedBook> {
  const paths = { transactions: `${folder}/transactions-${size}.jsonl`, invoices: `${folder}/invoices-${size}.jsonl` }
  await writeLines(paths.invoices, size, (at) => invoiceLine(at, size))
  // Lines pay the invoices in an order of their own: a step without a common divisor visits each once.
  const step = stepFor(size)
  await writeLines(paths.transactions, size, (at) => transactionLine(at, (at * step) % size, size))
  return paths
}

function stepFor(size: number): number {
  const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other))
  let step = Math.floor(size * 0.618)
  while (divisor(step, size) !== 1) step += 1
  return step
}

async function writeLines(file: string, count: number, line: (at: number) => string): Promise<void> {
  const out = createWriteStream(file)
  let chunk = ''
  for (let at = 0; at < count; at += 1) {
    chunk += line(at)
    if (chunk.length < 1_000_000) continue
    if (!out.write(chunk)) await once(out, 'drain')
    chunk = ''
  }
  out.end(chunk)
  await finished(out)
}
