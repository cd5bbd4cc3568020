/** Rows in columns for people: cells padded to the widest, numbers (`right`) to the right. Ends with a line break. */
export function textTable(rows: string[][], right: number[] = []): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  const pad = (cell: string, at: number) => (right.includes(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('')
}
