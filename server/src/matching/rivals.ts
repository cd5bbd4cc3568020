import { type BestLook, type Look, type Run, samePayer } from './looks.ts'

/** A reading of a rival line within this distance still contests an invoice. */
const contestLogOdds = 6

interface Wanting {
  at: number
  look: Look<unknown>
  best: BestLook
}

/** Lines that may not be applied because another line wants the same invoice: lines of different payers that fit equally, and
 *  a later line of a payer whose earlier line waits for a person (it may be the same money twice). Places in the run. */
export function contestedLines(
  { lines }: Run,
  looks: readonly Look<unknown>[],
  isElsewhere: (at: number) => boolean,
): Set<number> {
  const wanted = new Map<string, Wanting[]>()
  looks.forEach((look, at) => {
    const { best } = look
    if (best === null || best.logOdds < 0 || isElsewhere(at)) return
    for (const id of best.invoiceIds) {
      const list = wanted.get(id)
      if (list === undefined) wanted.set(id, [{ at, look, best }])
      else list.push({ at, look, best })
    }
  })
  const contested = new Set<number>()
  for (const list of wanted.values()) {
    list.forEach((one, n) => {
      const rivals = list.some((other, otherN) => {
        if (other === one) return false
        const isEarlier = otherN < n
        const isRival = other.best.logOdds > one.best.logOdds - contestLogOdds
        const isTwice = lines[other.at]!.amountMinor === lines[one.at]!.amountMinor
        // An earlier line that names the invoice may be the same payer, whom another layout does not tell.
        if (!samePayer(one.look.payer, other.look.payer))
          return isRival || (isTwice && isEarlier && other.best.namesWithoutPayer)
        return isEarlier && other.look.decision !== 'auto' && (isRival || isTwice)
      })
      if (rivals) contested.add(one.at)
    })
  }
  return contested
}

/** The earliest line, by its place, that wants each invoice and would be applied. */
export function earliestWanting(looks: readonly Look<unknown>[]): ReadonlyMap<string, number> {
  const earliest = new Map<string, number>()
  looks.forEach(({ decision, best }, at) => {
    if (decision !== 'auto' || best === null) return
    for (const id of best.invoiceIds) if (!earliest.has(id)) earliest.set(id, at)
  })
  return earliest
}
