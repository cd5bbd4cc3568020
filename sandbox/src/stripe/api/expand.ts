import type { Parameters } from './parameters.ts'
import { refuse } from './refusal.ts'

/** What is to be expanded below an object: field to what is to be expanded below that. */
export interface Tree {
  readonly [field: string]: Tree
}

interface Branch {
  [field: string]: Branch
}

export const NOTHING: Tree = {}

/** Fields that hold ids, and what the ids may be of. An empty list: always null here. */
const EXPANDABLE: Record<string, Record<string, string[]>> = {
  balance_transaction: { source: ['charge', 'refund', 'dispute', 'payout'] },
  charge: {
    application: [],
    balance_transaction: ['balance_transaction'],
    customer: ['customer'],
    failure_balance_transaction: ['balance_transaction'],
    on_behalf_of: [],
    payment_intent: ['payment_intent'],
    refunds: ['refund'],
    review: [],
    source_transfer: [],
  },
  payment_intent: { customer: ['customer'], latest_charge: ['charge'] },
  payout: {
    balance_transaction: ['balance_transaction'],
    destination: ['bank_account'],
    failure_balance_transaction: ['balance_transaction'],
    original_payout: [],
    reversed_by: [],
  },
  refund: {
    balance_transaction: ['balance_transaction'],
    charge: ['charge'],
    customer: ['customer'],
    failure_balance_transaction: ['balance_transaction'],
    payment_intent: ['payment_intent'],
  },
  dispute: { charge: ['charge'], payment_intent: ['payment_intent'] },
  'checkout.session': { customer: ['customer'], line_items: [], payment_intent: ['payment_intent'] },
  customer: { default_source: [] },
}

const LEVELS_MAX = 4

/** Reads `expand[]`. On lists each path begins with `data`, which counts as a level. Throws 400 for a path that no object of the
 *  kind can have, and beyond four levels. */
export function treeOf(given: Parameters, type: string, isList: boolean): Tree {
  const root: Branch = {}
  for (const path of given.get('expand')?.list ?? []) {
    const steps = path.split('.')
    const param = 'expand'
    if (steps.length > LEVELS_MAX) {
      throw refuse(400, `You cannot expand more than ${LEVELS_MAX} levels of a property. You have requested: ${path}`, {
        param,
      })
    }
    const cannot = refuse(400, `This property cannot be expanded (${path}).`, { param })
    if (isList && steps.shift() !== 'data') throw cannot
    let types = [type]
    let at = root
    for (const step of steps) {
      const fitting = types.filter((one) => Object.hasOwn(EXPANDABLE[one] ?? {}, step))
      if (fitting.length === 0) throw cannot
      types = fitting.flatMap((one) => EXPANDABLE[one]![step]!)
      at = at[step] ??= {}
    }
  }
  return root
}
