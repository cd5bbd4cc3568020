/** Which of the offered media types the caller prefers by its `Accept` header (RFC 9110, 12.5.1): the highest q-value, the most
 *  exact range deciding each type's; at equal values the first offered. Without a header, or when none is acceptable, the first:
 *  an answer that was not asked for helps more than a refusal. */
export function preferred(accept: string | undefined, offered: readonly string[]): string {
  const ranges = (accept ?? '*/*').split(',').flatMap((part) => {
    // Not /\s*;\s*/: 15,000 blanks without a semicolon would take a third of a second.
    const [range = '', ...parameters] = part
      .toLowerCase()
      .split(';')
      .map((piece) => piece.trim())
    const q = parameters
      .map((one) => /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(one)?.[1])
      .find((one) => one !== undefined)
    return /^[^\s/]+\/[^\s/]+$/.test(range) ? [{ range, q: q === undefined ? 1000 : thousandths(q) }] : []
  })
  let best = { type: offered[0]!, q: 0 }
  for (const type of offered) {
    const candidates = [type, `${type.split('/')[0]}/*`, '*/*']
    const exact = candidates.map((range) => ranges.find((one) => one.range === range)).find((one) => one !== undefined)
    if ((exact?.q ?? 0) > best.q) best = { type, q: exact!.q }
  }
  return best.type
}

const thousandths = (q: string): number => Number.parseInt(`${q.replace('.', '')}000`.slice(0, 4), 10)
