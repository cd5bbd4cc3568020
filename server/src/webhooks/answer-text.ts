const CHARACTERS_MAX = 1_000

/** The first 1,000 characters of an answer for the delivery log: read as UTF-8 with U+FFFD for what is none, without NUL
 *  (PostgreSQL refuses it), cut between characters. Control characters stay: the log is JSON. */
export function answerText(body: Uint8Array): string {
  const text = new TextDecoder().decode(body).replaceAll('\0', '')
  return Array.from(text).slice(0, CHARACTERS_MAX).join('')
}
