import { describe, expect, it } from 'vitest'
import { eachApart } from './each-apart.ts'
import { AppError } from './errors.ts'

/** Fails for the numbers named, with the error given. */
const failingFor = (bad: number[], error: (item: number) => Error) => {
  const seen: number[] = []
  const work = async (item: number) => {
    seen.push(item)
    if (bad.includes(item)) throw error(item)
  }
  return { seen, work }
}

describe('eachApart', () => {
  it('goes on behind one that fails, and throws its error at the end', async () => {
    const { seen, work } = failingFor([2], (item) => new Error(`no ${item}`))
    await expect(eachApart([1, 2, 3], work)).rejects.toThrow('no 2')
    expect(seen).toEqual([1, 2, 3])
  })

  it('says of several how many they were, with the first as the cause', async () => {
    const { seen, work } = failingFor([1, 3], (item) => new Error(`no ${item}`))
    await expect(eachApart([1, 2, 3], work)).rejects.toMatchObject({
      message: expect.stringContaining('failed for 2'),
      cause: { message: 'no 1' },
    })
    expect(seen).toEqual([1, 2, 3])
  })

  it('ends at once when the database is away', async () => {
    const { seen, work } = failingFor([1], () => new AppError('service_unavailable', 'away'))
    await expect(eachApart([1, 2], work)).rejects.toThrow('away')
    expect(seen).toEqual([1])
  })
})
