/** Which part of the open books a line belongs to. Everything that is learned or tuned sees `development` only; what is
 *  reported comes from `validation`. */
export type Part = 'development' | 'validation'

/** A tenant's book: `set/tenant`, and how large it is. */
export interface BookName {
  name: string
  size: string
}

/** FNV-1a, 32 bits: spreads names evenly, and is the same everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  // The low bits of FNV follow the last character alone.
  return (value ^ (value >>> 15)) >>> 0
}

/** Splits the books by name: within each size they are ordered by the hash of the name and taken in turn, so that both parts
 *  have every size. A size with a single book gives its lines in turn instead (by the hash of the line's id). */
export function splitBooks(books: readonly BookName[]): (name: string, transactionId: string) => Part {
  const parts = new Map<string, Part>()
  for (const group of Map.groupBy(books, (book) => book.size).values()) {
    if (group.length < 2) continue
    const ordered = [...group].sort((left, right) => hash(left.name) - hash(right.name))
    ordered.forEach((book, at) => parts.set(book.name, at % 2 === 0 ? 'development' : 'validation'))
  }
  return (name, transactionId) => parts.get(name) ?? (hash(transactionId) % 2 === 0 ? 'development' : 'validation')
}
