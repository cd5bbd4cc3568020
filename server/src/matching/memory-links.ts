import { type Book, payerKeys, payerOf } from './book.ts'
import type { LinkKind, Reading } from './links.ts'
import { daysBetween } from './text.ts'

/** Payers for more clients than this are agencies or collecting accounts: their account names nobody. */
const clientsPerPayerMax = 4

/** Half of a decision's worth is gone after two years: payers change their accounts, and clients their payers. */
const halfLifeDays = 730

const agedCount = (dates: readonly string[], today: string): number =>
  dates.reduce((sum, date) => sum + 2 ** (-Math.max(0, daysBetween(date, today) || 0) / halfLifeDays), 0)

/** What past decisions say of this payer. An account is a person's or a company's; a name alone is also anybody else's who
 *  bears it, so that it tells nothing where another client would be called the same. `alike`: clients whose name fits the payer's
 *  in any way. Notes in the reading whom the payer is tied to, and for whom it was refused. */
export function memoryLinks(book: Book, reading: Reading, alike: ReadonlySet<string>): Map<string, LinkKind> {
  const { transaction, line } = reading
  const known = new Map<string, LinkKind>()
  const everTied = new Set<string>()
  const refused = new Set<string>()
  for (const key of payerKeys(payerOf(transaction, line), line.payers)) {
    const memory = book.memory.get(key)
    if (memory === undefined) continue
    const isAccount = key.startsWith('iban ')
    const hasAccount = (payerOf(transaction, line).iban ?? '') !== ''
    const tied = [...memory.clients].flatMap(([clientId, tally]) => {
      const told = tally.accepted.filter((one) => isAccount || !(hasAccount && one.account))
      const accepted = agedCount(
        told.map((one) => one.date),
        transaction.date,
      )
      if (tally.refused.length > 0 && agedCount(tally.refused, transaction.date) >= accepted) {
        refused.add(clientId)
        return []
      }
      // An account that was understood only because its texts named the client is no evidence by itself.
      return accepted === 0 ? [] : [{ clientId, accepted, unnamed: told.some((one) => !one.named) }]
    })
    for (const { clientId } of tied) everTied.add(clientId)
    if (tied.length > clientsPerPayerMax) continue
    if (!isAccount && (tied.length > 1 || [...alike].some((clientId) => clientId !== tied[0]?.clientId))) continue
    for (const { clientId, accepted, unnamed } of tied) {
      if (tied.length > 1) known.set(clientId, 'known_shared')
      else if (unnamed && !known.has(clientId)) known.set(clientId, accepted > 1 ? 'known_payer' : 'known_once')
    }
  }
  reading.tied = everTied
  reading.refused = refused
  return known
}
