import { type BestLook, type Look, type Run, samePayer } from './looks.ts'
import { assignPairs, type Edge } from './sparse-assignment.ts'

/** One reading of a line that is more likely than none: its invoices, and what it is worth in log-odds. */
export interface Option {
  invoiceIds: readonly string[]
  worth: number
}

/** Why a line may not be applied though it is the best by itself. `rivals`: another line may pay its invoice; `many`: more lines hang
 *  together than are weighed at once. */
export type Contest = 'rivals' | 'many'

/** An invoice given to another line must cost this much in all, in log-odds, or nobody knows whose it is. */
const contestLogOdds = 6
/** So many lines that want one invoice are not compared with each other: a person looks at all of them. */
const rivalsMax = 200

/** Lines that are weighed together at most. */
const togetherMax = 40

interface Wanting {
  at: number
  look: Look<unknown>
  best: BestLook
}

/** Lines that may not be applied because another line wants the same invoice, by their place in the run. Lines of different payers
 *  are weighed together with all that hangs on them: which gets which invoice, or none, so that all of it is most likely; and what
 *  it costs to give the invoice to another. Of one payer a later line waits for an earlier one that waits for a person: it may be
 *  the same money twice. `optionsOf` tells all readings of a line. */
export function contestsOf(
  { lines }: Run,
  looks: readonly Look<unknown>[],
  isElsewhere: (at: number) => boolean,
  optionsOf: (at: number) => readonly Option[],
): Map<number, Contest> {
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
  const contests = new Map<number, Contest>()
  for (const list of wanted.values()) {
    // Nearly all are wanted by one line.
    if (list.length < 2) continue
    if (list.length > rivalsMax) {
      for (const { at } of list) contests.set(at, 'many')
      continue
    }
    list.forEach((one, n) => {
      if (contests.has(one.at)) return
      const isTwice = (other: Wanting): boolean => lines[other.at]!.amountMinor === lines[one.at]!.amountMinor
      const strangers = list.filter((other) => !samePayer(one.look.payer, other.look.payer))
      const mates = list.slice(0, n).filter((other) => samePayer(one.look.payer, other.look.payer))
      const contest =
        mates.some(
          ({ best, look }, m) => look.decision !== 'auto' && (isRival(best, one.best) || isTwice(mates[m]!)),
        ) ||
        // An earlier line that names the invoice may be the same payer, whom another layout does not tell.
        strangers.some((other) => other.at < one.at && isTwice(other) && other.best.namesWithoutPayer)
          ? 'rivals'
          : strangers.some(({ best }) => isRival(best, one.best))
            ? weighTogether(one, wanted, optionsOf)
            : null
      if (contest !== null) contests.set(one.at, contest)
    })
  }
  return contests
}

/** Whether what is given to another line would cost little, looked at by itself. */
const isRival = (other: BestLook, one: BestLook): boolean => other.logOdds > one.logOdds - contestLogOdds

/** Whether the line keeps its invoices when all that hangs together is assigned at once. */
function weighTogether(
  one: Wanting,
  wanted: ReadonlyMap<string, readonly Wanting[]>,
  optionsOf: (at: number) => readonly Option[],
): Contest | null {
  const together = hangingTogether(one, wanted, optionsOf)
  if (together === null) return 'many'
  const numbers = new Map<string, number>()
  const numberOf = (id: string): number => {
    const known = numbers.get(id)
    if (known !== undefined) return known
    numbers.set(id, numbers.size)
    return numbers.size - 1
  }
  const edges = together.flatMap(({ at, best }, line): Edge[] =>
    (line === 0
      ? [{ invoiceIds: best.invoiceIds, worth: best.logOdds }, ...optionsOf(at).slice(1)]
      : optionsOf(at)
    ).flatMap(({ invoiceIds, worth }) =>
      // Of several invoices each that the line wants as well is taken for the whole: that errs to the side of asking.
      invoiceIds
        .filter((id) => invoiceIds.length === 1 || one.best.invoiceIds.includes(id))
        .map((id) => ({ line, invoice: numberOf(id), worth })),
    ),
  )
  const isSafe = one.best.invoiceIds.every((id) => {
    const invoice = numberOf(id)
    const totalWith = (line: number): number => {
      const taken = edges.find((edge) => edge.line === line && edge.invoice === invoice)?.worth ?? 0
      const rest = edges.filter((edge) => edge.line !== line && edge.invoice !== invoice)
      const { chosen } = assignPairs(together.length, numbers.size, rest)
      return taken + chosen.reduce((sum, edge) => sum + (edge?.worth ?? 0), 0)
    }
    const mine = totalWith(0)
    const rivals = new Set(edges.flatMap((edge) => (edge.invoice === invoice && edge.line > 0 ? [edge.line] : [])))
    return [...rivals].every((line) => mine - totalWith(line) >= contestLogOdds)
  })
  return isSafe ? null : 'rivals'
}

/** The line and all of other payers that hang on it by what they want; null where they are too many. */
function hangingTogether(
  one: Wanting,
  wanted: ReadonlyMap<string, readonly Wanting[]>,
  optionsOf: (at: number) => readonly Option[],
): Wanting[] | null {
  const found = new Map<number, Wanting>([[one.at, one]])
  // A map goes on through what is added while it is gone through.
  for (const line of found.values()) {
    for (const { invoiceIds } of optionsOf(line.at)) {
      for (const other of invoiceIds.flatMap((id) => wanted.get(id) ?? [])) {
        if (found.has(other.at) || samePayer(one.look.payer, other.look.payer)) continue
        found.set(other.at, other)
        if (found.size > togetherMax) return null
      }
    }
  }
  return [...found.values()]
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
