import type { Habit } from './matching-habits-common.ts'
import { accountHabits } from './matching-habits-accounts.ts'
import { amountHabits } from './matching-habits-amounts.ts'
import { choiceHabits } from './matching-habits-choices.ts'
import { companyHabits } from './matching-habits-companies.ts'
import { listHabits } from './matching-habits-lists.ts'
import { nameHabits } from './matching-habits-names.ts'
import { nothingHabits } from './matching-habits-nothing.ts'
import { numberHabits } from './matching-habits-numbers.ts'
import { payerHabits } from './matching-habits-payers.ts'
import { textHabits } from './matching-habits-texts.ts'
import { surplusHabits } from './matching-habits-twice.ts'

/** Every habit, in the order in which the table shows them. */
export const habits: readonly Habit[] = [
  ...payerHabits,
  ...accountHabits,
  ...nameHabits,
  ...companyHabits,
  ...textHabits,
  ...numberHabits,
  ...choiceHabits,
  ...listHabits,
  ...amountHabits,
  ...surplusHabits,
  ...nothingHabits,
]
