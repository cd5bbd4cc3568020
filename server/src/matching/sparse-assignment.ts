/** One pair that could be: a line, an invoice, and what the pair is worth in log-odds against leaving both alone. */
export interface Edge {
  line: number
  invoice: number
  worth: number
}

export interface Assignment {
  /** For each line the edge that it got, or null. */
  chosen: (Edge | null)[]
  /** What each invoice costs, and what each line gains: no pair is worth more than its two together, but for `step`. */
  prices: Float64Array
  gains: Float64Array
}

/** Lines are let bid this often in all, per edge; what is left unsettled then stays unmatched. */
const bidsPerEdge = 60

/** The pairs that are worth most together, each line and each invoice once at most, by auction (Bertsekas): a line without an
 *  invoice bids for the one that leaves it most, and gives up where none leaves it anything. Within `step` per line of the best.
 *  The order of the edges does not matter where worths differ. */
export function assignPairs(lines: number, invoices: number, edges: readonly Edge[], step = 0.01): Assignment {
  const ofLine: Edge[][] = Array.from({ length: lines }, () => [])
  for (const edge of edges) if (edge.worth > 0) ofLine[edge.line]?.push(edge)
  const prices = new Float64Array(invoices)
  const gains = new Float64Array(lines)
  const chosen: (Edge | null)[] = Array.from({ length: lines }, () => null)
  const holder = new Int32Array(invoices).fill(-1)
  const waiting = ofLine.flatMap((list, line) => (list.length > 0 ? [line] : []))
  let bids = 0
  const bidsMax = edges.length * bidsPerEdge + 1000
  for (let at = 0; at < waiting.length && bids < bidsMax; at += 1) {
    const line = waiting[at] as number
    bids += 1
    let best: Edge | null = null
    let first = 0
    let second = 0
    for (const edge of ofLine[line] ?? []) {
      const left = edge.worth - (prices[edge.invoice] ?? 0)
      if (left > first) {
        second = first
        first = left
        best = edge
      } else if (left > second) second = left
    }
    gains[line] = first
    if (best === null) continue
    const evicted = holder[best.invoice] ?? -1
    prices[best.invoice] = (prices[best.invoice] ?? 0) + first - second + step
    gains[line] = second
    holder[best.invoice] = line
    chosen[line] = best
    if (evicted >= 0) {
      chosen[evicted] = null
      waiting.push(evicted)
    }
  }
  return { chosen, prices, gains }
}
