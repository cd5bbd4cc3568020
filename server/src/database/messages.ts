/** Messages of PostgreSQL's protocol 3.0 as bytes: what one round trip with several statements is made of. Every number is big
 *  endian, every length counts itself but not the letter before it, every name ends with a zero.
 *  Source: PostgreSQL, Frontend/Backend Protocol, Message Formats. */

/** Parse: prepares `text` under `name`; the server finds the types of the placeholders. */
export function parseMessage(name: string, text: string): Buffer {
  return message('P', Buffer.from(`${name}\0${text}\0\0\0`))
}

/** Bind: the values, as text, for the statement of that name, in the portal without a name; answers come as text. */
export function bindMessage(name: string, values: readonly unknown[]): Buffer {
  const texts = values.map(textOf)
  let size = 1 + Buffer.byteLength(name) + 1 + 2 + 2 + 2
  for (const text of texts) size += 4 + (text === null ? 0 : Buffer.byteLength(text))
  const body = Buffer.allocUnsafe(5 + size)
  let at = body.write('B', 0)
  at = body.writeInt32BE(4 + size, at)
  at = body.writeInt8(0, at)
  at += body.write(name, at)
  at = body.writeInt8(0, at)
  at = body.writeInt16BE(0, at)
  at = body.writeInt16BE(texts.length, at)
  for (const text of texts) {
    const start = at + 4
    const length = text === null ? -1 : body.write(text, start)
    body.writeInt32BE(length, at)
    at = start + Math.max(0, length)
  }
  body.writeInt16BE(0, at)
  return body
}

/** Describe: what columns the portal without a name answers with. */
export const describeMessage = (): Buffer => message('D', Buffer.from('P\0'))

/** Execute: all rows of the portal without a name. */
export const executeMessage = (): Buffer => message('E', Buffer.from('\0\0\0\0\0'))

/** Sync: the end of the message. A transaction that nobody began explicitly ends here. */
export const SYNC = message('S', Buffer.alloc(0))

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(letter, 0)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

/** A value in the text that PostgreSQL reads. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  throw new TypeError('a look takes plain values only')
}
