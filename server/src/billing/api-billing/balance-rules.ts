import { AppError } from '../../base/errors.ts'
import { formatAmount } from '../../base/money.ts'
import type { BilledStatus } from '../billing-system.ts'

/** What of an invoice hangs together. */
export interface Standing {
  status: BilledStatus
  totalMinor: bigint
  balanceMinor: bigint
}

/** What a request says of it; `balanceMinor` null: all of the total that Payymo has booked nothing for. */
export interface StandingChange {
  status?: BilledStatus | undefined
  totalMinor?: bigint | undefined
  balanceMinor?: bigint | null | undefined
}

const OPEN: readonly BilledStatus[] = ['unpaid', 'payment_pending', 'collections']

/** Where a status may go from here, besides staying. */
const NEXT: Record<BilledStatus, readonly BilledStatus[]> = {
  draft: ['unpaid', 'paid', 'cancelled'],
  unpaid: ['payment_pending', 'collections', 'paid', 'cancelled'],
  payment_pending: ['unpaid', 'collections', 'paid', 'cancelled'],
  collections: ['unpaid', 'payment_pending', 'paid', 'cancelled'],
  paid: ['unpaid', 'refunded'],
  cancelled: ['unpaid'],
  refunded: ['unpaid', 'paid'],
}

/** How the invoice stands after the change. A new total moves the balance by as much; an invoice with nothing open is paid, and a
 *  paid one has nothing open. `bookedMinor`: what payments applied by Payymo stand for on it, which no change takes away.
 *  Throws `validation_failed`. */
export function standAfter(before: Standing, change: StandingChange, currency: string, bookedMinor: bigint): Standing {
  const totalMinor = change.totalMinor ?? before.totalMinor
  const balanceMinor = balanceAfter(before, change, totalMinor, bookedMinor)
  const closes = balanceMinor === 0n && change.status === undefined && OPEN.includes(before.status)
  const status = change.status ?? (closes ? 'paid' : before.status)
  const money = (minor: bigint): string => `${formatAmount(minor, currency)} ${currency}`

  if (status !== before.status && !NEXT[before.status].includes(status)) {
    const next = NEXT[before.status].join(', ')
    throw against('status', `An invoice that is ${before.status} does not become ${status}. It may become: ${next}.`)
  }
  if (balanceMinor < 0n) {
    throw against(
      'balance',
      `More than the total of ${money(totalMinor)} is paid already. Send the balance with the total.`,
    )
  }
  if (balanceMinor > totalMinor) {
    throw against('balance', `The balance of ${money(balanceMinor)} is more than the total of ${money(totalMinor)}.`)
  }
  if (balanceMinor + bookedMinor > totalMinor) {
    throw against(
      'balance',
      `Payymo has applied ${money(bookedMinor)} on this invoice, which together with a balance of ${money(balanceMinor)} is more than the total of ${money(totalMinor)}. Reverse the match first, or raise the total.`,
    )
  }
  if (status === 'paid' && balanceMinor > 0n) {
    throw against('balance', `A paid invoice has nothing open, not ${money(balanceMinor)}. Send status unpaid with it.`)
  }
  if ((status === 'draft' || OPEN.includes(status)) && balanceMinor === 0n) {
    throw against('balance', `An invoice that is ${status} has something open. Send a balance above zero with it.`)
  }
  return { status, totalMinor, balanceMinor }
}

function balanceAfter(before: Standing, change: StandingChange, totalMinor: bigint, bookedMinor: bigint): bigint {
  if (change.balanceMinor !== undefined) return change.balanceMinor ?? totalMinor - bookedMinor
  if (change.status === 'paid') return 0n
  return before.balanceMinor + totalMinor - before.totalMinor
}

/** The day the invoice was closed, as far as it is. */
export const closedOnAfter = (
  before: { status: BilledStatus; closedOn: string | null },
  status: BilledStatus,
  today: string,
): string | null => {
  if (status === 'draft' || OPEN.includes(status)) return null
  return status === before.status ? (before.closedOn ?? today) : today
}

const against = (field: string, issue: string): AppError =>
  new AppError('validation_failed', issue, { details: [{ field, issue }] })
