/** Rows by id, with look-ups that stay quick at a hundred thousand rows. Rows are never changed in place: `put` replaces. */
export class Table<Row extends { id: number }> {
  readonly #rows = new Map<number, Row>()
  readonly #keyOf: (row: Row) => string[]
  readonly #byKey = new Map<string, Set<number>>()
  #highest = 0

  /** keyOf: the keys under which `find` shall know a row. */
  constructor(keyOf: (row: Row) => string[] = () => []) {
    this.#keyOf = keyOf
  }

  get(id: number): Row | undefined {
    return this.#rows.get(id)
  }

  /** All rows, in the order they were first put. */
  all(): Row[] {
    return [...this.#rows.values()]
  }

  find(key: string): Row[] {
    return [...(this.#byKey.get(key) ?? [])].map((id) => this.#rows.get(id)!).sort((a, b) => a.id - b.id)
  }

  /** The next free id. Ids are never used twice, also after a row has gone. */
  nextId(): number {
    return this.#highest + 1
  }

  get highest(): number {
    return this.#highest
  }

  reserve(highest: number): void {
    this.#highest = Math.max(this.#highest, highest)
  }

  put(row: Row): void {
    this.#forget(row.id)
    this.#rows.set(row.id, row)
    this.reserve(row.id)
    for (const key of this.#keyOf(row)) {
      const ids = this.#byKey.get(key) ?? new Set()
      ids.add(row.id)
      this.#byKey.set(key, ids)
    }
  }

  drop(id: number): void {
    this.#forget(id)
    this.#rows.delete(id)
  }

  #forget(id: number): void {
    const before = this.#rows.get(id)
    if (!before) return
    for (const key of this.#keyOf(before)) {
      const ids = this.#byKey.get(key)
      ids?.delete(id)
      if (ids?.size === 0) this.#byKey.delete(key)
    }
  }
}
