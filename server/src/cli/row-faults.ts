const SHOWN_MAX = 20

/** Collects the rows of a file that could not be used, to be named on standard error. */
export class RowFaults {
  readonly #file: string
  readonly #shown: string[] = []
  count = 0

  constructor(file: string) {
    this.#file = file
  }

  add(line: number, reason: string): void {
    this.count++
    if (this.#shown.length < SHOWN_MAX) this.#shown.push(`${this.#file}: line ${line}: ${reason}`)
  }

  /** The first twenty, each in a line, and how many there are besides. */
  text(): string {
    const further = this.count - this.#shown.length
    const lines =
      further === 0
        ? this.#shown
        : [...this.#shown, `${this.#file}: and ${further} further lines that could not be used.`]
    return lines.map((line) => `${line}\n`).join('')
  }
}
