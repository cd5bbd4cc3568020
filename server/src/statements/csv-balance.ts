import type { PartCheck } from './account-parts.ts'

/** A row as the running balance sees it: what it moved, and the balance printed beside it where there is one. */
export interface BalanceRow {
  movedMinor: bigint | null
  balanceMinor: bigint | null
  /** Day of the row where it is known. */
  day: string | null
}

export interface Chain extends PartCheck {
  openingMinor: bigint | null
  closingMinor: bigint | null
  /** How many balances follow from the one before. */
  links: number
  breaks: number
  /** The rows from the oldest to the newest: as they stand, from the bottom up, or put in order by day. */
  order: 'down' | 'up' | 'by day'
}

/** Checks each balance against the one before and the rows between, in the order of rows under which most hold: banks print
 *  the newest first or last, some the newest day first but each day downwards. The difference says by how much the balances
 *  moved more than the rows: a missing row of −50.00 gives −50.00. */
export function followBalances(rows: BalanceRow[]): Chain {
  const upwards = rows.toReversed()
  const candidates: [Chain['order'], BalanceRow[]][] = [
    ['down', rows],
    ['up', upwards],
  ]
  if (rows.every((row) => row.day !== null)) {
    const byDay = (list: BalanceRow[]) => list.toSorted((a, b) => (a.day! < b.day! ? -1 : a.day! > b.day! ? 1 : 0))
    candidates.push(['by day', byDay(rows)], ['by day', byDay(upwards)])
    if (rows.length > 1 && rows[0]!.day! > rows.at(-1)!.day!) candidates.unshift(candidates.splice(1, 1)[0]!)
  }
  let best: Chain | null = null
  for (const [order, list] of candidates) {
    const chain = follow(list, order)
    if (best === null || chain.breaks < best.breaks) best = chain
    if (best.breaks === 0) break
  }
  return best!
}

function follow(rows: BalanceRow[], order: Chain['order']): Chain {
  let openingMinor: bigint | null = null
  let balance: bigint | null = null
  let movedMinor = 0n
  let differenceMinor = 0n
  let links = 0
  let breaks = 0
  for (const row of rows) {
    movedMinor += row.movedMinor ?? 0n
    if (row.balanceMinor === null) continue
    if (balance === null) openingMinor = row.balanceMinor - movedMinor
    else if (balance + movedMinor === row.balanceMinor) links++
    else {
      breaks++
      differenceMinor += row.balanceMinor - balance - movedMinor
    }
    balance = row.balanceMinor
    movedMinor = 0n
  }
  const closingMinor = balance === null || movedMinor !== 0n ? null : balance
  const check = breaks > 0 ? 'gap' : links > 0 ? 'ok' : 'unknown'
  return {
    openingMinor,
    closingMinor,
    check,
    differenceMinor: check === 'gap' ? differenceMinor : null,
    links,
    breaks,
    order,
  }
}
