/** Where one value of a list or an object stands in a text: from `start` to before `end`. `key`: its name in an object. */
export interface Span {
  key: string
  start: number
  end: number
}

/** The values directly inside the list or object that opens at `open`. `brokenAt`: where the text stops being a list of values
 *  with commas between, null where it ends as it should. The values themselves may still be no valid JSON. */
export function spansIn(source: string, open: number): { spans: Span[]; brokenAt: number | null } {
  const isObject = source[open] === '{'
  const close = isObject ? '}' : ']'
  const spans: Span[] = []
  let at = afterBlanks(source, open + 1)
  if (source[at] === close) return { spans, brokenAt: null }
  while (at < source.length) {
    let key = ''
    if (isObject) {
      const end = endOf(source, at)
      key = source.slice(at + 1, end - 1)
      const colon = afterBlanks(source, end)
      if (source[colon] !== ':') return { spans, brokenAt: colon }
      at = afterBlanks(source, colon + 1)
    }
    const start = at
    const end = endOf(source, start)
    if (end > source.length) return { spans, brokenAt: start }
    spans.push({ key, start, end })
    at = afterBlanks(source, end)
    if (source[at] === close) return { spans, brokenAt: null }
    if (source[at] !== ',') return { spans, brokenAt: at }
    at = afterBlanks(source, at + 1)
  }
  return { spans, brokenAt: source.length }
}

function afterBlanks(source: string, from: number): number {
  let at = from
  while (at < source.length && ' \t\r\n\ufeff'.includes(source[at]!)) at++
  return at
}

const SIGNS = /["[\]{},]/g

/** The place behind the value that begins at `start`; beyond the text where it does not end. */
function endOf(source: string, start: number): number {
  let depth = 0
  SIGNS.lastIndex = start
  for (let sign = SIGNS.exec(source); sign !== null; sign = SIGNS.exec(source)) {
    const mark = sign[0]
    if (mark === ',') {
      if (depth === 0) return sign.index
    } else if (mark === '"') {
      const end = endOfString(source, sign.index)
      if (depth === 0 || end > source.length) return end
      SIGNS.lastIndex = end
    } else if (mark === '[' || mark === '{') depth++
    else if (depth === 0) return sign.index
    else if (--depth === 0) return sign.index + 1
  }
  return source.length + 1
}

function endOfString(source: string, quote: number): number {
  for (let at = source.indexOf('"', quote + 1); at !== -1; at = source.indexOf('"', at + 1)) {
    let slashes = 0
    while (source[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at + 1
  }
  return source.length + 1
}
