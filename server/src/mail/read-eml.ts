/** What the outbox shows of a mail. */
export interface ShownMail {
  from: string
  to: string
  subject: string
  date: string
  text: string
}

/** Reads back a mail that compose.ts wrote: its headers and its plain text. Not a reader for mails of others. */
export function readEml(bytes: Uint8Array): ShownMail {
  const { headers, body } = split(Buffer.from(bytes).toString('latin1'))
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1]
  const parts = boundary === undefined ? [] : body.split(`--${boundary}`).map((part) => split(part.trimStart()))
  const text = parts.find((part) => part.headers.get('content-type')?.startsWith('text/plain')) ?? { headers, body }
  const shown = (name: string) => decodeWords(headers.get(name) ?? '')
  return {
    from: shown('from'),
    to: shown('to'),
    subject: shown('subject'),
    date: shown('date'),
    text: decodeBody(text.body, text.headers.get('content-transfer-encoding') ?? '7bit').trimEnd(),
  }
}

function split(mail: string): { headers: Map<string, string>; body: string } {
  const end = mail.indexOf('\r\n\r\n')
  const head = end < 0 ? mail : mail.slice(0, end)
  const headers = new Map<string, string>()
  for (const line of head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, body: end < 0 ? '' : mail.slice(end + 4) }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString()
  return unquote(body.replaceAll(/=\r\n/g, ''))
}

/** `=?UTF-8?Q?…?=` and `=?UTF-8?B?…?=`, RFC 2047. Blanks between two of them do not count. */
const decodeWords = (header: string): string =>
  header
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_word, kind: string, text: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString() : unquote(text.replaceAll('_', ' ')),
    )

const unquote = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_sign, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
