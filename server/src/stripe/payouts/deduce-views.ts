/** A movement of the balance that belongs to no payout so far. */
export interface Movement {
  id: string
  netMinor: bigint
  /** The day from which it can be paid out, YYYY-MM-DD. */
  availableOn: string
  at: Date
}

interface Moment {
  at: Date
  instant: boolean
}

/** What may have been in the balance when the payout was made, oldest first: what was available by its day; for instant payouts also
 *  everything there was, available or not. Stripe's moments are whole seconds: what came in the very second of the payout is in
 *  one view and not in another. At least one view. `movements` as `byAvailability` sorts them. */
export function viewsOf(movements: readonly Movement[], { at, instant }: Moment): Movement[][] {
  const day = at.toISOString().slice(0, 10)
  const now = at.getTime()
  const made = movements.filter((movement) => movement.at.getTime() <= now)
  const orders = [made.filter((movement) => movement.availableOn <= day)]
  if (instant) orders.push(made.toSorted(byCreation))
  const isOfThatSecond = made.some((movement) => movement.at.getTime() === now)
  return isOfThatSecond
    ? orders.flatMap((order) => [order, order.filter((movement) => movement.at.getTime() < now)])
    : orders
}

export const sumOf = (movements: readonly Movement[]): bigint =>
  movements.reduce((sum, { netMinor }) => sum + netMinor, 0n)

export const rowsOf = (movements: readonly Movement[]): string[] => movements.map(({ id }) => id)
export const setOf = (movements: readonly Movement[]): Set<string> => new Set(rowsOf(movements))

/** Movements one after the other, and which of them are not torn apart. */
export interface Order {
  movements: readonly Movement[]
  isSameMoment(one: Movement, other: Movement): boolean
}

/** What is oldest can be seen in two ways: by when it could be paid out, and by when it came. `view` as `viewsOf` gives it. */
export const ordersOf = (view: readonly Movement[]): Order[] => [
  { movements: view.toSorted(byAvailability), isSameMoment: isSameInAll },
  { movements: view.toSorted(byCreation), isSameMoment: (one, other) => one.at.getTime() === other.at.getTime() },
]

export const isSameInAll = (one: Movement, other: Movement): boolean =>
  one.availableOn === other.availableOn && one.at.getTime() === other.at.getTime()

/** Stretches of movements that add up to the amount: how many there are, and those that begin with the first. Stretches that differ
 *  by movements of nothing are one. Movements of the same moment stay together, but for the border at `border`, where those before
 *  and behind it are told apart. One pass. */
export function countWindows(
  { movements, isSameMoment }: Order,
  amountMinor: bigint,
  border = 0,
): { count: number; fromStart: Movement[][] } {
  // How often each sum stands before a moment. The borders between moments are where stretches begin and end.
  const before = new Map<bigint, number>([[0n, 1]])
  const fromStart: Movement[][] = []
  let count = 0
  let sum = 0n
  let last = 0n
  for (const [n, movement] of movements.entries()) {
    sum += movement.netMinor
    const next = movements[n + 1]
    if (next && isSameMoment(movement, next) && n + 1 !== border) continue
    if (sum === last) continue
    last = sum
    count += before.get(sum - amountMinor) ?? 0
    if (sum === amountMinor) fromStart.push(movements.slice(0, n + 1))
    before.set(sum, (before.get(sum) ?? 0) + 1)
  }
  return { count, fromStart }
}

const byCreation = (one: Movement, other: Movement): number =>
  one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1)

/** The order in which money can be paid out. */
export const byAvailability = (one: Movement, other: Movement): number =>
  one.availableOn === other.availableOn ? byCreation(one, other) : one.availableOn < other.availableOn ? -1 : 1
