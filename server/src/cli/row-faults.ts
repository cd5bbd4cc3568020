const FAULTS_SHOWN_MAX = 200
/** What is merely worth knowing must not drown what went wrong. */
const NOTES_SHOWN_MAX = 5
const RANGES_MAX = 40

/** Collects what is to be said on standard error about the lines of a file: lines that could not be used, and what is odd
 *  about others. */
export class RowFaults {
  readonly #file: string
  readonly #faults = new Told(FAULTS_SHOWN_MAX)
  readonly #notes = new Map<string, Told>()

  constructor(file: string) {
    this.#file = file
  }

  /** How many lines could not be used. */
  get count(): number {
    return this.#faults.count
  }

  /** A line that could not be used. */
  add(line: number, reason: string): void {
    this.#faults.add(line, reason)
  }

  /** A line that is used, and what is odd about it. `kind`: the same for all lines of which something like that is said; it ends
   *  the sentence "and 7 further lines …". */
  note(kind: string, line: number, text: string): void {
    let told = this.#notes.get(kind)
    if (told === undefined) this.#notes.set(kind, (told = new Told(NOTES_SHOWN_MAX)))
    told.add(line, text)
  }

  /** The first ones of each kind, each in a line, and the numbers of the lines besides. */
  text(): string {
    const all = [
      ...this.#faults.sentences('that could not be used'),
      ...[...this.#notes].flatMap(([kind, told]) => told.sentences(kind)),
    ]
    return all.map((sentence) => `${this.#file}: ${sentence}\n`).join('')
  }
}

class Told {
  readonly #shownMax: number
  readonly #shown: string[] = []
  readonly #further: { from: number; to: number }[] = []
  count = 0

  constructor(shownMax: number) {
    this.#shownMax = shownMax
  }

  add(line: number, text: string): void {
    this.count++
    const last = this.#further.at(-1)
    if (this.count <= this.#shownMax) this.#shown.push(`line ${line}: ${text}`)
    else if (last !== undefined && (line === last.to || line === last.to + 1)) last.to = line
    else if (this.#further.length <= RANGES_MAX) this.#further.push({ from: line, to: line })
  }

  sentences(kind: string): string[] {
    const further = this.count - this.#shown.length
    if (further === 0) return this.#shown
    const ranges = this.#further.slice(0, RANGES_MAX).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))
    const more = this.#further.length > RANGES_MAX ? ' and so on' : ''
    const lines = further === 1 ? 'further line' : 'further lines'
    return [...this.#shown, `and ${further} ${lines} ${kind}: ${ranges.join(', ')}${more}.`]
  }
}
