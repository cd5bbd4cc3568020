import { z } from 'zod'
import { isCurrency } from '../../base/money.ts'
import { minorOf } from '../amounts.ts'

/** Says that an object is not what Stripe documents, in a sentence that names it. It is kept out, never guessed at. */
export class UnfitError extends Error {
  override readonly name = 'UnfitError'
}

const SECONDS_MAX = 253_402_300_799

/** Without NUL and halves of surrogate pairs, which PostgreSQL cannot keep, and cut. */
export const clean = (text: string, max: number): string => {
  const whole = text.toWellFormed().replaceAll('\0', '\ufffd')
  // A cut may not leave half a pair either.
  return whole.length <= max ? whole : whole.slice(0, max).toWellFormed()
}

/** A text of people or of Stripe. One that is missing or malformed counts as empty: money is not lost over a name. */
export const text = (max = 1_000) =>
  z
    .string()
    .nullish()
    .catch(null)
    .transform((value) => clean(value ?? '', max))

/** As `text`, for what may be unknown. */
export const textOrNull = (max = 255) => text(max).transform((value) => (value === '' ? null : value))

/** An id, or a word of an open list: never empty. Ids have up to 255 characters; prefixes promise nothing. */
export const word = z
  .string()
  .min(1)
  .max(255)
  .transform((value) => clean(value, 255))

/** Names an object, whether it came along or not. */
export const reference = z.union([word, z.object({ id: word }).transform(({ id }) => id)])
export const referenceOrNull = reference.nullish().transform((id) => id ?? null)

/** A whole number that a double holds exactly: what is larger, or has a fraction, is refused. */
export const integer = z.int().transform((value) => BigInt(value))

/** Unix seconds. */
export const moment = z
  .int()
  .min(0)
  .max(SECONDS_MAX)
  .transform((seconds) => new Date(seconds * 1000))

export const currency = z
  .string()
  .transform((code) => code.toUpperCase())
  .refine((code) => /^[A-Z]{3}$/.test(code) && isCurrency(code), 'is no currency we know')

/** Names and values as given, cut to Stripe's own limits (50 keys of 40, values of 500). */
export const metadata = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(null)
  .transform((record) =>
    Object.fromEntries(
      Object.entries(record ?? {})
        .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        .slice(0, 50)
        .map(([name, value]) => [clean(name, 40), clean(value, 500)]),
    ),
  )

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** Reads an object, or throws UnfitError. `object`: what Stripe calls its kind. */
export function readObject<S extends z.ZodType>(shape: S, raw: unknown, object: string): z.output<S> {
  const name = nameOf(raw, object)
  if ((raw as { object?: unknown } | null)?.object !== object) throw new UnfitError(`${name} is no ${object}`)
  const read = shape.safeParse(raw)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UnfitError(`${name}: ${issue?.path.join('.') || object} is not as documented`)
}

/** An amount of Stripe's in minor units, or UnfitError where it is finer than the currency. */
export function toMinor(amount: bigint, currency: string, name: string): bigint {
  const minor = minorOf(amount, currency)
  if (minor === undefined) throw new UnfitError(`${name}: ${amount} is no whole amount in ${currency}`)
  return minor
}

const nameOf = (raw: unknown, object: string): string => {
  const id = (raw as { id?: unknown } | null)?.id
  return typeof id === 'string' && id !== '' ? clean(id, 255) : `a ${object.replaceAll('_', ' ')} without an id`
}
