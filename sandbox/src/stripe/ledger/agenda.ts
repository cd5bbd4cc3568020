/** What will happen at which second. Things of one second happen in the order in which they were put down. */
export class Agenda {
  readonly #heap: { at: number; n: number; act: () => void }[] = []
  #count = 0

  /** `at` in Unix seconds. */
  put(at: number, act: () => void): void {
    const heap = this.#heap
    heap.push({ at, n: this.#count++, act })
    for (let n = heap.length - 1; n > 0; ) {
      const parent = (n - 1) >>> 1
      if (this.#isBefore(parent, n)) break
      this.#swap(parent, n)
      n = parent
    }
  }

  /** The second of the next thing, or null. */
  get nextAt(): number | null {
    return this.#heap[0]?.at ?? null
  }

  /** Takes the next thing out. */
  take(): { at: number; act: () => void } | null {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) return null
    if (heap.length === 0) return first
    heap[0] = last
    for (let n = 0; ; ) {
      let least = n
      for (const child of [2 * n + 1, 2 * n + 2]) {
        if (child < heap.length && this.#isBefore(child, least)) least = child
      }
      if (least === n) return first
      this.#swap(least, n)
      n = least
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one]!, this.#heap[other]!]
    return a.at === b.at ? a.n < b.n : a.at < b.at
  }

  #swap(one: number, other: number): void {
    const kept = this.#heap[one]!
    this.#heap[one] = this.#heap[other]!
    this.#heap[other] = kept
  }
}
