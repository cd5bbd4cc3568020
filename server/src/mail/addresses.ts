import { AppError, UsageError } from '../base/errors.ts'

/** Who a mail is from: the operator's address, under the name of the product the tenant shows. */
export interface Sender {
  name: string
  address: string
}

const ADDRESS_CHARACTERS_MAX = 254
const SUBJECT_CHARACTERS_MAX = 200
/** One @, no blanks, no control characters, and nothing that means something in a header or an SMTP command. */
const ADDRESS = /^[^\s\p{C}@<>()[\]\\,;:"]+@[^\s\p{C}@<>()[\]\\,;:"]+$/u

/** Whether the text is one plain mail address, so that it can stand in a header and in a command and mean nothing else there. */
export const isAddress = (text: string): boolean => text.length <= ADDRESS_CHARACTERS_MAX && ADDRESS.test(text)

/** The address itself. Throws `validation_failed` for anything that is not one plain address. */
export function checkAddress(text: string): string {
  if (isAddress(text)) return text
  throw new AppError('validation_failed', 'This is not a mail address that mail can be sent to', {
    details: [{ field: 'email', issue: 'Must be a mail address such as ann@example.com' }],
  })
}

/** A subject on one line: subjects hold names that people chose, and a line break in one would begin a header of its own. */
export function plainSubject(text: string): string {
  const line = oneLine(text)
  return line.length > SUBJECT_CHARACTERS_MAX ? `${line.slice(0, SUBJECT_CHARACTERS_MAX - 1).toWellFormed()}…` : line
}

/** Control characters, line separators and runs of blanks become one blank each. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()

/** Reads MAIL_FROM: `Payymo <no-reply@example.com>` or the address alone. Throws UsageError when it is neither. */
export function readSender(text: string): Sender {
  const parts = /^\s*(?:"([^"<>]*)"|([^"<>]*?))\s*<([^<>]+)>\s*$/.exec(text)
  const sender = parts
    ? { name: oneLine(parts[1] ?? parts[2] ?? ''), address: parts[3]! }
    : { name: '', address: text.trim() }
  if (!isAddress(sender.address)) {
    throw new UsageError(`MAIL_FROM must be an address such as "Payymo <no-reply@example.com>", not "${oneLine(text)}"`)
  }
  return sender
}
