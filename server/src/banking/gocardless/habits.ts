/** What has to be known of a bank before its entries can be believed. */
export interface BankHabits {
  /** Money in is written below zero, money out above. */
  signInverted: boolean
  /** Pending entries say which way the money goes. */
  pendingUsable: boolean
  /** Which day is the booking day. */
  day: 'booking' | 'value'
}

const ORDINARY: BankHabits = { signInverted: false, pendingUsable: true, day: 'booking' }

/** Banks by the beginning of their institution id. Source: bank adapters of actualbudget/actual, where each was reported by
 *  users; an entry may go when the bank has mended it there.
 *  Card issuers of SEB and Cetelem write purchases as positive; the National Bank of Greece leaves the sign out while pending;
 *  Norwegian books everything on the 1st of the next month. */
const HABITS: [prefix: RegExp, habits: Partial<BankHabits>][] = [
  [/^SEB_KORT_AB_/, { signInverted: true }],
  [/^SEB_CARD_ESSESESS/, { signInverted: true }],
  [/^CETELEM_CETMPTP1XXX/, { signInverted: true }],
  [/^NBG_ETHNGRAAXXX/, { pendingUsable: false }],
  [/^NORWEGIAN_\w*NORWNOK1/, { day: 'value' }],
]

export function habitsOf(institutionId: string | null): BankHabits {
  const known = HABITS.find(([prefix]) => institutionId !== null && prefix.test(institutionId))
  return { ...ORDINARY, ...known?.[1] }
}
