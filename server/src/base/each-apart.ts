import { AppError } from './errors.ts'

/** Does the work for one after the other. One that fails does not cost the others their turn: what went wrong is thrown at the
 *  end, a single error as it is, several as one that says how many and shows the first. A database that is away ends it at
 *  once, since it is away for everybody. */
export async function eachApart<Item>(items: Iterable<Item>, work: (item: Item) => Promise<unknown>): Promise<void> {
  const errors: unknown[] = []
  for (const item of items) {
    try {
      await work(item)
    } catch (error) {
      if (error instanceof AppError && error.code === 'service_unavailable') throw error
      errors.push(error)
    }
  }
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new Error(`failed for ${errors.length}, the first of them below`, { cause: errors[0] })
}
