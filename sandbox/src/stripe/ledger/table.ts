/** A list of objects in the order of their creation, with the indexes that Stripe's filters need. Objects are never changed in
 *  place: a change puts a new version where the old one stood, so an event can keep the state of its moment. */

export interface Stored {
  readonly id: string
  /** Unix seconds; never less than that of the row before. */
  readonly created: number
}

/** Which rows of a list are wanted. Ranges are inclusive Unix seconds. */
export interface PageRequest<T> {
  limit: number
  /** The id whose older neighbours are wanted. */
  after?: string | undefined
  /** The id whose newer neighbours are wanted. */
  before?: string | undefined
  from?: number | undefined
  to?: number | undefined
  /** Only rows filed under this value of this index. */
  under?: { index: string; value: string } | undefined
  fits?: ((row: T) => boolean) | undefined
}

export class Table<T extends Stored> {
  readonly rows: T[] = []
  readonly #at = new Map<string, number>()
  readonly #of: [string, (row: T) => string | null][]
  /** Places by index, then by value. */
  readonly #filed = new Map<string, Map<string, number[]>>()

  /** `indexes`: the value of a row under each name; it must not change with a new version. Null: not filed. */
  constructor(indexes: Record<string, (row: T) => string | null> = {}) {
    this.#of = Object.entries(indexes)
  }

  get(id: string): T | undefined {
    const at = this.#at.get(id)
    return at === undefined ? undefined : this.rows[at]
  }

  add(row: T): T {
    const last = this.rows.at(-1)
    if (last !== undefined && last.created > row.created) throw new Error(`${row.id} is older than ${last.id}`)
    if (this.#at.has(row.id)) throw new Error(`${row.id} exists already`)
    this.#at.set(row.id, this.rows.length)
    this.rows.push(row)
    for (const [index, of] of this.#of) {
      const value = of(row)
      if (value !== null) this.file(index, value, row.id)
    }
    return row
  }

  /** Puts a new version in the place of the old one. */
  put(row: T): T {
    const at = this.#at.get(row.id)
    if (at === undefined) throw new Error(`${row.id} does not exist`)
    this.rows[at] = row
    return row
  }

  /** Files a row under a further value; rows of one value are filed in the order of their creation. */
  file(index: string, value: string, id: string): void {
    const byValue = this.#filed.get(index) ?? new Map<string, number[]>()
    this.#filed.set(index, byValue)
    const filed = byValue.get(value)
    const at = this.#at.get(id)!
    if (filed === undefined) byValue.set(value, [at])
    else if (filed.at(-1)! < at) filed.push(at)
    else throw new Error(`${id} is filed out of order under ${index} ${value}`)
  }

  under(index: string, value: string): T[] {
    return this.#placesOf(index, value).map((at) => this.rows[at]!)
  }

  #placesOf(index: string, value: string): readonly number[] {
    return this.#filed.get(index)?.get(value) ?? []
  }

  /** One page, newest first. With `before` the rows next to the cursor, not the newest of all. Null when the cursor is unknown.
   *  Looks only at rows between the bounds, found by halving. */
  page(request: PageRequest<T>): { rows: T[]; hasMore: boolean } | null {
    const { limit, after, before, from, to, under, fits } = request
    const filed = under === undefined ? null : this.#placesOf(under.index, under.value)
    const count = filed === null ? this.rows.length : filed.length
    const placeAt = (n: number): number => (filed === null ? n : filed[n]!)
    const firstWhere = (holds: (place: number) => boolean): number => {
      let [low, high] = [0, count]
      while (low < high) {
        const middle = (low + high) >>> 1
        if (holds(placeAt(middle))) high = middle
        else low = middle + 1
      }
      return low
    }
    let low = from === undefined ? 0 : firstWhere((place) => this.rows[place]!.created >= from)
    let high = to === undefined ? count : firstWhere((place) => this.rows[place]!.created > to)
    const cursor = after ?? before
    if (cursor !== undefined) {
      const at = this.#at.get(cursor)
      if (at === undefined) return null
      if (after !== undefined)
        high = Math.min(
          high,
          firstWhere((place) => place >= at),
        )
      else
        low = Math.max(
          low,
          firstWhere((place) => place > at),
        )
    }
    const upwards = after === undefined && before !== undefined
    const found: T[] = []
    for (let n = upwards ? low : high - 1; n >= low && n < high && found.length <= limit; n += upwards ? 1 : -1) {
      const row = this.rows[placeAt(n)]!
      if (fits === undefined || fits(row)) found.push(row)
    }
    const hasMore = found.length > limit
    if (hasMore) found.pop()
    return { rows: upwards ? found.toReversed() : found, hasMore }
  }
}
