import { addDays } from '../../base/clock.ts'

/** The day moved by so many working days, Monday to Friday, back when `days` is below zero. Holidays differ from country to
 *  country and are counted as working days: windows are a little too short then, never too long. */
export function addBusinessDays(day: string, days: number): string {
  const step = days < 0 ? -1 : 1
  let moved = day
  for (let left = Math.abs(days); left > 0; ) {
    moved = addDays(moved, step)
    if (isBusinessDay(moved)) left -= 1
  }
  return moved
}

function isBusinessDay(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}
