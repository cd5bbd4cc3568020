/** Rows in columns for people: cells padded to the widest, numbers (`right`) to the right. Ends with a line break.
 *  What would move the cursor, or turn the direction of writing, shows as a dot: names are chosen by tenants. */
export function textTable(given: string[][], right: number[] = []): string {
  const rows = given.map((row) => row.map(harmless))
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  const pad = (cell: string, at: number) => (right.includes(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('')
}

const harmless = (cell: string): string =>
  cell.replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '·')
