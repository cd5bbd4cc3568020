import { expect, it } from 'vitest'
import { addBusinessDays } from './business-days.ts'

it.each([
  // 2026-08-10 is a Monday.
  ['2026-08-10', 5, '2026-08-17'],
  ['2026-08-14', 1, '2026-08-17'],
  ['2026-08-15', 1, '2026-08-17'],
  ['2026-08-10', -1, '2026-08-07'],
  ['2026-08-16', -1, '2026-08-14'],
  ['2026-08-12', 0, '2026-08-12'],
])('%s moved by %i working days is %s', (day, days, moved) => {
  expect(addBusinessDays(day, days)).toBe(moved)
})
