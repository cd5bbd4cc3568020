import { KeyTable } from './key-table.ts'

/** A map of texts that is built once and asked often: the little that a Map does and matching needs, in a third of the time for a
 *  hundred thousand texts, since it grows without looking at them again. */
export class TextMap<Value> {
  readonly #keys: KeyTable
  readonly #values: Value[] = []

  /** `keys` may be shared by maps that hold something under each of them. */
  constructor(keys: KeyTable = new KeyTable()) {
    this.#keys = keys
  }

  get(key: string): Value | undefined {
    const number = this.#keys.numberOf(key)
    return number === -1 ? undefined : this.#values[number]
  }

  has(key: string): boolean {
    return this.#keys.numberOf(key) !== -1
  }

  set(key: string, value: Value): void {
    this.#values[this.#keys.add(key)] = value
  }

  /** The same with the number that the keys give the text, for maps that share them. */
  at(number: number): Value | undefined {
    return this.#values[number]
  }

  setAt(number: number, value: Value): void {
    this.#values[number] = value
  }

  /** In the order in which their keys were first set. */
  values(): readonly Value[] {
    return this.#values
  }
}
