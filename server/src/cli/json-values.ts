import { readFile } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'
import { decodeText } from '../statements/index.ts'
import { eachLine, headOf, parseExact } from './json-lines.ts'
import { type Span, spansIn } from './json-spans.ts'
import type { Row } from './row-fields.ts'

/** Takes a value of a file. `line`: where it begins. `source`: its text, for who must say where something inside begins. */
export type TakeValue = (value: unknown, line: number, source: string) => void

type Refuse = (line: number, reason: string) => void

const NOT_JSON = 'The line is not valid JSON.'

/** Calls `take` with each JSON value of a file: one a line, or the file as one list or one object over several lines. What is no
 *  JSON is told to `refuse` with its line, and the rest is read. Throws `validation_failed` when the file is one document and
 *  nothing of it can be told apart. */
export async function eachValue(file: string, take: TakeValue, refuse: Refuse): Promise<void> {
  const head = await headOf(file)
  if (head.startsWith('[')) eachOfList(await textOf(file), take, refuse)
  else if (!head.startsWith('{') || (await looksLikeLines(file))) await eachOnLine(file, take, refuse)
  else await document(file, take, refuse)
}

const eachOnLine = (file: string, take: TakeValue, refuse: Refuse): Promise<void> =>
  eachLine(
    file,
    (source, line) => {
      let value: unknown
      try {
        value = parseExact(source)
      } catch {
        refuse(line, NOT_JSON)
        return
      }
      take(value, line, source)
    },
    refuse,
  )

function eachOfList(source: string, take: TakeValue, refuse: Refuse): void {
  const { spans, brokenAt } = spansIn(source, source.indexOf('['))
  const lineAt = lineCounter(source)
  for (const { start, end } of spans) {
    const line = lineAt(start)
    const text = source.slice(start, end)
    let value: unknown
    try {
      value = parseExact(text)
    } catch {
      refuse(line, 'What begins here is not valid JSON.')
      continue
    }
    take(value, line, text)
  }
  if (brokenAt !== null) refuse(lineAt(brokenAt), 'The list is broken off or broken here; nothing behind it was read.')
}

async function document(file: string, take: TakeValue, refuse: Refuse): Promise<void> {
  let source = ''
  let value: unknown
  try {
    source = await textOf(file)
    value = parseExact(source)
  } catch (error) {
    if (await holdsWholeLine(file)) return eachOnLine(file, take, refuse)
    if (!(error instanceof SyntaxError)) throw error
    throw new AppError(
      'validation_failed',
      `${file}: the file begins like JSON but is not valid (${error.message.slice(0, 120)}).`,
    )
  }
  take(value, 1 + breaksIn(source, 0, source.indexOf('{')), source)
}

/** The lines on which the rows of a WHMCS answer begin, in their order. `source`: the text of the answer. */
export function answerRowLines(source: string, answerLine: number): number[] {
  const open = source.indexOf('{')
  const within = (at: number, key: string): number | undefined =>
    spansIn(source, at).spans.findLast((span: Span) => span.key === key)?.start
  const list = within(open, 'invoices')
  if (list === undefined) return []
  const rows = (source[list] === '{' ? within(list, 'invoice') : undefined) ?? list
  if (source[rows] !== '[' && source[rows] !== '{') return []
  const lineAt = lineCounter(source)
  const first = answerLine - breaksIn(source, 0, open)
  return spansIn(source, rows).spans.map(({ start }) => first - 1 + lineAt(start))
}

async function textOf(file: string): Promise<string> {
  try {
    return decodeText(await readFile(file))
  } catch (error) {
    // More than a Buffer or a string can hold.
    const { code } = error as NodeJS.ErrnoException
    if (
      code !== 'ERR_FS_FILE_TOO_LARGE' &&
      code !== 'ERR_STRING_TOO_LONG' &&
      code !== 'ERR_ENCODING_INVALID_ENCODED_DATA'
    )
      throw error
    throw new AppError('validation_failed', 'the file is too large to be read as one value; write one value a line.', {
      cause: error,
    })
  }
}

/** Whether the first line that is not blank is a whole value. */
async function looksLikeLines(file: string): Promise<boolean> {
  let whole = false
  await eachLine(
    file,
    (source) => {
      whole = isWhole(source)
      return false
    },
    () => {},
  )
  return whole
}

/** Whether some line is an object that could be a row, so that a broken first line is only one of many. */
async function holdsWholeLine(file: string): Promise<boolean> {
  let found = false
  await eachLine(
    file,
    (source) => {
      found =
        source.trimStart().startsWith('{') &&
        isWhole(source, (row) => 'id' in row || 'invoices' in row || 'transaction' in row)
      return !found
    },
    () => {},
  )
  return found
}

function isWhole(source: string, has: (row: Row) => boolean = () => true): boolean {
  try {
    return has(parseExact(source) as Row)
  } catch {
    return false
  }
}

function breaksIn(source: string, from: number, to: number): number {
  let count = 0
  for (let at = source.indexOf('\n', from); at !== -1 && at < to; at = source.indexOf('\n', at + 1)) count++
  return count
}

/** The line of a place in a text, from 1; asked in ascending order. */
function lineCounter(source: string): (at: number) => number {
  let line = 1
  let counted = 0
  return (at) => {
    line += breaksIn(source, counted, at)
    counted = at
    return line
  }
}
