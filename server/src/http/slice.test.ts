import { expect, it } from 'vitest'
import { oneAtATime } from './slice.ts'

it('a sweep whose turn is long has no second one beside it, and goes on after one that failed', async () => {
  let begun = 0
  let end = (_error?: Error) => {}
  const errors: unknown[] = []
  const sweep = {
    name: 'slow',
    everyMs: 1,
    run: () => {
      begun += 1
      return new Promise<void>((resolve, reject) => {
        end = (error) => (error ? reject(error) : resolve())
      })
    },
  }
  const turn = oneAtATime(sweep, (name, error) => errors.push([name, error]))
  const first = turn()
  await turn()
  expect(begun).toBe(1)
  const fault = new Error('no')
  end(fault)
  await first
  expect(errors).toEqual([['slow', fault]])
  const second = turn()
  expect(begun).toBe(2)
  end()
  await second
})
