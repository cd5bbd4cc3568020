import { AppError, type FaultyField } from '../../base/errors.ts'

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** What keeps an address from being one that codes are sent to; undefined when nothing does. https anywhere, http on this
 *  machine only (RFC 8252, 7.3); compared letter by letter later, so it must be written as it is meant. */
export function redirectFault(text: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(text) || /["<>\\^`{|}]/.test(text) || !URL.canParse(text)) {
    return 'Must be an address such as https://app.example.com/callback'
  }
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
    return 'Must begin with https://, or with http:// on 127.0.0.1, [::1] or localhost'
  }
  // `https:example.com` is read as an address, and is none to compare with.
  if (!/^https?:\/\/[^/]/.test(text)) return 'Must be an address such as https://app.example.com/callback'
  if (text.includes('#')) return 'Must not have a fragment'
  if (url.username !== '' || url.password !== '' || text.split(/[/?]/)[2]!.includes('@')) {
    return 'Must not hold a user name'
  }
  return undefined
}

/** Throws `validation_failed` that names every address of no use, and when the grant types need addresses and there are none. */
export function checkRedirectUris(uris: readonly string[], grantTypes: readonly string[]): void {
  const faults: FaultyField[] = uris.flatMap((uri, index) => {
    const issue = uris.indexOf(uri) < index ? 'Is there twice' : redirectFault(uri)
    return issue === undefined ? [] : [{ field: `redirect_uris.${index}`, issue }]
  })
  if (grantTypes.includes('authorization_code') && uris.length === 0) {
    faults.push({ field: 'redirect_uris', issue: 'Must hold at least one address for authorization_code' })
  }
  if (faults.length > 0) throw new AppError('validation_failed', 'These addresses cannot be used', { details: faults })
}
