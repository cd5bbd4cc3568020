import { AppError } from '../../base/errors.ts'

export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** Lets `atOnce` pieces of heavy work run and `waiting` more queue up; beyond that work is refused at once instead of being
 *  promised (503, with `refusal`). A flood of sign-ins then costs the others a bounded part of the machine (reliability 30). */
export function createGate(
  atOnce: number,
  waiting: number,
  refusal = 'Too many people are signing in at this moment. Try again shortly.',
): Gate {
  let running = 0
  const queue: (() => void)[] = []
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) {
        throw new AppError('service_unavailable', refusal, { retryAfterSeconds: 2 })
      }
      // Whoever finishes hands its place on, so that `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
