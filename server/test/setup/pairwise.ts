/** Few combinations in which every pair of values of every two factors occurs. Greedy and without chance: the same factors give
 *  the same list. `factors`: name to values; the first combination holds the first value of each. */
export function pairwise<Factors extends Record<string, readonly unknown[]>>(
  factors: Factors,
): { [name in keyof Factors]: Factors[name][number] }[] {
  const names = Object.keys(factors)
  const counts = names.map((name) => factors[name]!.length)
  const open = new Set<string>()
  for (const [a, one] of counts.entries()) {
    for (const [b, other] of counts.entries()) {
      if (b <= a) continue
      for (let i = 0; i < one; i++) for (let j = 0; j < other; j++) open.add(`${a} ${i} ${b} ${j}`)
    }
  }
  const key = (a: number, i: number, b: number, j: number) => (a < b ? `${a} ${i} ${b} ${j}` : `${b} ${j} ${a} ${i}`)
  const chosen: number[][] = []
  const take = (row: number[]) => {
    for (const [a, i] of row.entries()) for (const [b, j] of row.entries()) open.delete(key(a, i, b, j))
    chosen.push(row)
  }
  take(names.map(() => 0))
  while (open.size > 0) {
    const [a, i, b, j] = [...open][0]!.split(' ').map(Number) as [number, number, number, number]
    const row = new Map([
      [a, i],
      [b, j],
    ])
    for (const [factor, count] of counts.entries()) {
      if (row.has(factor)) continue
      const gain = (value: number) => [...row].filter(([other, its]) => open.has(key(factor, value, other, its))).length
      const values = Array.from({ length: count }, (_, value) => value)
      row.set(
        factor,
        values.reduce((best, value) => (gain(value) > gain(best) ? value : best), 0),
      )
    }
    take(names.map((_, factor) => row.get(factor)!))
  }
  return chosen.map(
    (row) =>
      Object.fromEntries(names.map((name, factor) => [name, factors[name]![row[factor]!]])) as {
        [name in keyof Factors]: Factors[name][number]
      },
  )
}
