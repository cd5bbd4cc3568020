import { KeyTable } from './key-table.ts'

/** Clients under keys of theirs, such as a domain. Nearly all keys are one client's, and there may be a million: such a client is kept
 *  alone, without a set around it. */
export class ClientsByKey {
  readonly #keys = new KeyTable()
  /** By the number of the key. */
  readonly #held: (string | Set<string>)[] = []

  /** The ids of those who hold a key, in the order in which they were added. */
  get(key: string): ReadonlySet<string> | undefined {
    const number = this.#keys.numberOf(key)
    if (number === -1) return undefined
    const held = this.#held[number]
    return typeof held === 'string' ? new Set([held]) : held
  }

  add(key: string, clientId: string): void {
    const number = this.#keys.add(key)
    const held = this.#held[number]
    if (held === undefined) this.#held[number] = clientId
    else if (typeof held !== 'string') held.add(clientId)
    else if (held !== clientId) this.#held[number] = new Set([held, clientId])
  }
}
