/** Tells where a text first came in a row of texts. Files are mostly in the order of their ids, upwards or downwards, and while texts
 *  go on in one direction none can have come before: then nothing is looked up. */
export class FirstPlaces {
  readonly #texts: string[] = []
  /** 1 upwards, -1 downwards, 0 while there is only one. */
  #direction = 0
  /** Made when the order first breaks. */
  #places: Map<string, number> | null = null

  /** The place of a text among the different ones, from 0, where it came before; otherwise it is the next one, and the answer is -1. */
  knownPlace(text: string): number {
    if (this.#places === null && !this.#goesOn(text)) this.#places = new Map(this.#texts.map((one, at) => [one, at]))
    if (this.#places !== null) {
      const known = this.#places.get(text)
      if (known !== undefined) return known
      this.#places.set(text, this.#texts.length)
    }
    this.#texts.push(text)
    return -1
  }

  #goesOn(text: string): boolean {
    const last = this.#texts.at(-1)
    if (last === undefined) return true
    const direction = compareIds(text, last)
    if (this.#direction === 0) this.#direction = direction
    return direction !== 0 && direction === this.#direction
  }
}

/** Shorter ones first, as numbers go: any order would do. */
function compareIds(one: string, other: string): number {
  if (one.length !== other.length) return one.length < other.length ? -1 : 1
  return one < other ? -1 : one > other ? 1 : 0
}
