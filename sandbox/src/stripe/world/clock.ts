/** The simulator's time. Frozen it stands still until a test turns it, else it runs with the real one. */
export class Clock {
  #frozenAtMs: number | null
  #offsetMs: number

  /** `now` as ISO time: frozen there unless `frozen` is false. Absent: the real time. */
  constructor(now?: string, frozen = now !== undefined) {
    const atMs = now === undefined ? Date.now() : Date.parse(now)
    if (Number.isNaN(atMs)) throw new Error(`now must be an ISO time, not ${now}`)
    this.#frozenAtMs = frozen ? atMs : null
    this.#offsetMs = atMs - Date.now()
  }

  nowMs(): number {
    return this.#frozenAtMs ?? Date.now() + this.#offsetMs
  }

  /** Unix seconds. */
  now(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  get isFrozen(): boolean {
    return this.#frozenAtMs !== null
  }

  set(atMs: number, frozen: boolean): void {
    this.#frozenAtMs = frozen ? atMs : null
    this.#offsetMs = atMs - Date.now()
  }
}
