import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { decodeText } from '../statements/index.ts'

/** Enough for an answer of WHMCS with ten thousand invoices in one line. */
const LINE_MIB_MAX = 32
const LINE_BYTES_MAX = LINE_MIB_MAX * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024
const HEAD_BYTES = 4_096

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = 0xfeff

/** Calls `take` with each line of a file, without its break, and its number from 1; blank lines are left out. `false` from
 *  `take` ends the reading. A line of more than 32 MiB is not taken but told to `refuse`. A file of any length needs the memory of
 *  a few lines. UTF-8; UTF-16 where a byte order mark or the pattern of its bytes tells so; lines that are not valid UTF-8 are
 *  read as windows-1252. Calls instead of an iterator, which would cost a promise for each of a million lines. */
export async function eachLine(
  file: string,
  take: (text: string, line: number) => boolean | void,
  refuse: (line: number, reason: string) => void,
): Promise<void> {
  const handle = await open(file)
  let rest: Buffer = Buffer.alloc(0)
  let line = 0
  let skips = false
  let toUtf8: ((chunk: Buffer) => Buffer) | undefined
  let lineBreak: number | undefined
  const takeAll = (text: string): boolean => {
    const mark = lineBreak === CARRIAGE_RETURN ? '\r' : '\n'
    for (let from = 0; from < text.length; ) {
      const found = text.indexOf(mark, from)
      const end = found === -1 ? text.length : found
      line++
      if (text.charCodeAt(from) === BYTE_ORDER_MARK) from++
      const one = text.slice(from, end)
      from = end + 1
      if (!isBlank(one) && take(one, line) === false) return false
    }
    return true
  }
  for await (const read of handle.createReadStream({ highWaterMark: CHUNK_BYTES })) {
    toUtf8 ??= converterFor(read as Buffer)
    const chunk = toUtf8(read as Buffer)
    lineBreak ??= chunk.includes(LINE_FEED) || !chunk.includes(CARRIAGE_RETURN) ? LINE_FEED : CARRIAGE_RETURN
    let from = 0
    if (skips) {
      const end = chunk.indexOf(lineBreak)
      if (end === -1) continue
      skips = false
      from = end + 1
    }
    const end = chunk.lastIndexOf(lineBreak)
    if (end >= from) {
      const whole = chunk.subarray(from, end + 1)
      if (!takeAll(textOf(rest.length === 0 ? whole : Buffer.concat([rest, whole]), lineBreak))) return
      rest = Buffer.from(chunk.subarray(end + 1))
    } else rest = Buffer.concat([rest, chunk.subarray(from)])
    if (rest.length > LINE_BYTES_MAX) {
      refuse(++line, `The line is longer than ${LINE_MIB_MAX} MiB.`)
      rest = Buffer.alloc(0)
      skips = true
    }
  }
  takeAll(textOf(rest, lineBreak ?? LINE_FEED))
}

const isBlank = (text: string): boolean => text.length < 1_000 && text.trim() === ''

/** UTF-16 becomes UTF-8, anything else stays as it is. `first`: the first bytes of the file. */
function converterFor(first: Buffer): (chunk: Buffer) => Buffer {
  const encoding = wideEncodingOf(first)
  if (encoding === null) return (chunk) => chunk
  const decoder = new TextDecoder(encoding)
  return (chunk) => Buffer.from(decoder.decode(chunk, { stream: true }))
}

/** JSON and its neighbours begin with ASCII, of which UTF-16 makes every second byte a NUL. */
function wideEncodingOf(first: Buffer): 'utf-16le' | 'utf-16be' | null {
  if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] !== 0 && first[1] === 0 && first[3] === 0))
    return 'utf-16le'
  if ((first[0] === 0xfe && first[1] === 0xff) || (first[0] === 0 && first[1] !== 0 && first[2] === 0))
    return 'utf-16be'
  return null
}

/** Whole lines as text. */
function textOf(lines: Buffer, lineBreak: number): string {
  if (isUtf8(lines)) return lines.toString('utf8')
  const texts: string[] = []
  for (let from = 0; from < lines.length; ) {
    const found = lines.indexOf(lineBreak, from)
    const end = found === -1 ? lines.length : found + 1
    const one = lines.subarray(from, end)
    texts.push(isUtf8(one) ? one.toString('utf8') : new TextDecoder('windows-1252').decode(one))
    from = end
  }
  return texts.join('')
}

/** Fields that hold amounts in the files of section 5 and in WHMCS answers. */
const AMOUNTS = /("(?:amount|total|balance|subtotal|credit|amountin|amountout)"\s{0,8}:\s{0,8})(-?\d[\d.eE+-]*)/g

/** An amount that a double would not keep digit for digit, or would write otherwise: all but a few digits without zeros in front,
 *  with at most two behind the point, the last of which is no zero. */
const ODD_AMOUNT =
  /"(?:amount|total|balance|subtotal|credit|amountin|amountout)"\s{0,8}:\s{0,8}-?(?!(?:0|[1-9]\d{0,12})(?:\.(?:\d?[1-9]|00?))?(?![\d.eE+-]))\d/

/** JSON whose amounts come as text, digit for digit, or as numbers of which `String` makes the same amount. Where one is not plain,
 *  all are put in quotation marks before parsing. That is exact, because an unescaped `"amount"` before a colon can only be a
 *  key, and a third of the cost of a reviver; asking before is two thirds of that again (measured on Node 24). Throws SyntaxError. */
export const parseExact = (text: string): unknown =>
  JSON.parse(ODD_AMOUNT.test(text) ? text.replace(AMOUNTS, '$1"$2"') : text)

/** What a file begins with, to tell JSON from tables and statements: some thousand characters without byte order mark and blanks
 *  in front. Empty for an empty file. */
export async function headOf(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return decodeText(buffer.subarray(0, bytesRead))
      .replace(/^\ufeff/, '')
      .trimStart()
  } finally {
    await handle.close()
  }
}

/** Whether a head is one of JSON: it begins like it, or a later line does and the lines before are broken. MT940 as the network
 *  delivers it begins with a block such as `{1:F01…}`. */
export const isJsonHead = (head: string): boolean =>
  head === '' ||
  /^(?:\{(?!\d:)|\[\s*[[{\]])/.test(head) ||
  /[\r\n][\s\0\ufeff]*\{\s*"/.test(head) ||
  /^\0*\{"/.test(head)
