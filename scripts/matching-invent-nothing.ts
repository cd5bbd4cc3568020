import { accountOf, addClient, addInvoice, type Book, type Invoice } from './matching-invent-book.ts'
import { later, weighted } from './matching-invent-dice.ts'
import { listOf } from './matching-invent-land.ts'
import { type Draft, type Piece, unknownPerson } from './matching-invent-plans.ts'

const words = (text: string): Piece => ({ is: 'words', text })

/** A line that pays no invoice. `hostile`: with digits of an open invoice in it that mean something else, often its amount too. */
export function nothing(book: Book, hostile = false): Draft {
  const { dice, land } = book
  const date = later(book.start, dice.int(book.days))
  const open = (): Invoice => dice.pick(book.invoices.filter((one) => one.status === 'Unpaid'))
  const kind = weighted(
    dice,
    hostile
      ? [
          [3, 'supplier'],
          [4, 'person'],
          [3, 'refund'],
          [1, 'salary'],
          [1, 'rent'],
          [1, 'psp'],
        ]
      : [
          [9, 'own+'],
          [5, 'own-'],
          [14, 'person'],
          [14, 'psp'],
          [8, 'refund'],
          [4, 'refund-'],
          [4, 'rent'],
          [10, 'salary'],
          [14, 'supplier'],
          [5, 'tax+'],
          [5, 'tax-'],
          [7, 'topup'],
          [4, 'fee'],
          [4, 'cash'],
          [3, 'interest'],
        ],
  )
  const month = dice.pick(listOf(land.months))
  const supplier = dice.pick(listOf(land.suppliers))
  const person = unknownPerson(book).name
  const payer = (name: string): Draft['payer'] => ({ name, account: accountOf(dice, land) })
  const minor = dice.chance(35) ? open().balance : 500 + dice.int(90_000)
  const line = (from: Draft['payer'], pieces: Piece[], out = false): Draft => ({
    class: 13,
    kind,
    date,
    payer: from,
    pieces,
    pays: [],
    minor,
    currency: book.currency,
    ...(out ? { out: true as const } : {}),
  })
  const with_ = (list: string, ...more: string[]): Piece[] => [words(dice.pick(listOf(list))), ...more.map(words)]
  const make = (): Draft => {
    switch (kind) {
      case 'own+':
      case 'own-':
        return line(payer(book.tenant), with_(land.own), kind === 'own-')
      case 'psp': {
        const text = dice.pick(listOf(land.psp))
        return line(payer(text.split(' ').slice(0, 2).join(' ')), [words(text), words(dice.digits(9 + dice.int(5)))])
      }
      case 'refund':
      case 'refund-':
        return line(payer(supplier), with_(land.refund, dice.digits(5 + dice.int(4))), kind === 'refund-')
      case 'rent':
        return line(payer(person), with_(land.rent, month), dice.chance(60))
      case 'salary':
        return line(payer(person), with_(land.salary, month), true)
      case 'supplier':
        return line(
          payer(supplier),
          [
            words(dice.pick(listOf(land.invoice))),
            words(dice.fill(dice.pick(['########', '#######', '2026-#####', 'A######']))),
          ],
          dice.chance(75),
        )
      case 'tax+':
      case 'tax-':
        return line(
          payer(dice.pick(listOf(land.tax)).split(' ').at(-1) ?? ''),
          with_(land.tax, dice.fill('0#/202#')),
          kind === 'tax-',
        )
      case 'topup': {
        const client = addClient(book)
        if (dice.chance(50)) addInvoice(book, client, { status: 'Paid', date: later(book.start, -60) })
        return {
          ...line({ name: client.company || client.name, account: client.account }, with_(land.topup)),
          minor: 5000 * (1 + dice.int(20)),
        }
      }
      case 'fee':
        return { ...line(payer(''), with_(land.fee), true), minor: 100 + dice.int(3000) }
      case 'cash':
        return line({ name: '', account: null }, with_(land.cash))
      case 'interest':
        return { ...line({ name: '', account: null }, with_(land.interest)), minor: 1 + dice.int(900) }
      default:
        return line(payer(person), with_(land.person))
    }
  }
  const draft = make()
  if (!hostile) return draft
  const like = open()
  const digits = (like.number === '' ? like.id : like.number).replaceAll(/\D/g, '')
  const way = dice.pick(['phone', 'account', 'longer', 'amount', 'order', 'longer'])
  const tail = way === 'phone' ? dice.fill(dice.pick(listOf(land.phone))).replace(/#/g, '') : ''
  const inserted: Record<string, string> = {
    phone: `${tail.slice(0, Math.max(4, tail.length - digits.length))}${digits}`,
    account: `IBAN ${land.code}${dice.digits(4)}${digits}${dice.digits(8)}`,
    longer: dice.chance(50) ? `${dice.digits(2)}${digits}${dice.digits(1)}` : `${digits}${dice.digits(3)}`,
    amount: `${like.currency} ${digits.slice(-6)},${dice.digits(2)}`,
    order: `${dice.pick(['Ticket', 'Order', 'Ref', 'ID'])} ${dice.fill('@')}${dice.digits(2)}${digits}`,
  }
  draft.pieces.push(words(inserted[way] ?? ''))
  draft.kind = `hostile-${way}`
  if (dice.chance(60)) draft.minor = like.balance
  return draft
}
