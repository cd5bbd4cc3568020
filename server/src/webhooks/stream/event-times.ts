import { type Id, idOf, uuidOf } from '../../base/ids.ts'

/** Ids begin with the moment they were made, in milliseconds. */
const MS_DIGITS = 12

/** The smallest id that can be made at this moment, as the database keeps it. */
export const uuidFrom = (ms: number): string => {
  const hex = Math.max(0, ms).toString(16).padStart(MS_DIGITS, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

/** When the id was made. */
export const msOf = (id: Id<'evt'>): number => Number.parseInt(uuidOf(id).replaceAll('-', '').slice(0, MS_DIGITS), 16)

/** An id of this moment that no event bears: where a reader stands who has heard everything until then. */
export const idFrom = (ms: number): Id<'evt'> => idOf('evt', uuidFrom(ms))
