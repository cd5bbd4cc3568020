import { AppError } from './errors.ts'

const DEPTH_MAX = 32
const MEMBERS_MAX = 1_000
const VALUES_MAX = 50_000
const TOO_MANY = 'Must hold less'

const [QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 44, 91, 92, 93, 123, 125]

/** A list or object that is open at the place reached; `keys` only where it is an object. */
interface Level {
  keys: Set<string> | undefined
  commas: number
}

/** Looks a JSON text over before it is parsed: parsers take a million levels and writers die at ten thousand, a reviver is
 *  called for each value, and of a key given twice every reader takes another. Knows nothing of syntax: what it lets pass may
 *  still be no JSON. Throws `invalid_request`. */
export function scanJson(text: string): void {
  const levels: Level[] = []
  let level: Level | undefined
  let keyExpected = false
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfText(text, at)
      if (keyExpected) refuseTwice(level!.keys!, text.slice(at, end + 1))
      keyExpected = false
      at = end
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      level = { keys: code === OPEN_OBJECT ? new Set() : undefined, commas: 0 }
      if (levels.push(level) > DEPTH_MAX)
        throw refusal(
          `The body is nested deeper than ${DEPTH_MAX} levels.`,
          'body',
          `Must have at most ${DEPTH_MAX} levels`,
        )
      keyExpected = code === OPEN_OBJECT
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      levels.pop()
      level = levels.at(-1)
      keyExpected = false
    } else if (code === COMMA && level) {
      if (++level.commas >= MEMBERS_MAX) {
        throw level.keys
          ? refusal(`An object of the body has more than ${MEMBERS_MAX} fields.`, 'body', TOO_MANY)
          : refusal(`A list of the body has more than ${MEMBERS_MAX} items.`, 'body', TOO_MANY)
      }
      if (++values > VALUES_MAX) throw refusal(`The body holds more than ${VALUES_MAX} values.`, 'body', TOO_MANY)
      keyExpected = level.keys !== undefined
    }
  }
}

/** Where the text that begins with this quote ends: its closing quote, or the end of everything. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return text.length
}

function refuseTwice(keys: Set<string>, quoted: string): void {
  let key = quoted
  if (quoted.includes('\\')) {
    try {
      key = JSON.stringify(JSON.parse(quoted))
    } catch {
      // Not JSON, as the parser will say.
    }
  }
  if (keys.has(key)) {
    throw refusal('A field of the body is given twice.', key.slice(1, -1).slice(0, 200), 'Is given twice')
  }
  keys.add(key)
}

const refusal = (message: string, field: string, issue: string): AppError =>
  new AppError('invalid_request', message, { details: [{ field, issue }] })
