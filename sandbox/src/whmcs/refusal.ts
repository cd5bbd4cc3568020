/** A refusal with its status, as the doors before an action give it (reference 1.4). */
export interface Refused {
  status: number
  message: string
}

export const fail = (status: number, message: string): Refused => ({ status, message })

/** A business rule said no: HTTP 200 with `result=error`. Nothing has been booked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** Throws the refusal unless the condition holds. */
export function ensure(holds: unknown, message: string): asserts holds {
  if (!holds) throw new Refusal(message)
}
