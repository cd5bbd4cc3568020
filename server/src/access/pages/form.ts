const PARAMETERS_MAX = 50

/** The body is no form of ours; the message says why, in ASCII without quotes. */
export class FormFault extends Error {
  override readonly name = 'FormFault'
}

/** The fields of a form (`application/x-www-form-urlencoded`). Each name once: which of two would hold is anybody's guess (RFC
 *  6749, 3.2). A field without a value counts as not sent. Throws `FormFault`. */
export function readForm(contentType: string | undefined, body: Buffer): Map<string, string> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? '')) {
    throw new FormFault('Send the parameters as application/x-www-form-urlencoded')
  }
  const form = new Map<string, string>()
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    if (seen.has(name)) throw new FormFault(`The parameter ${shown(name)} is given twice`)
    if (seen.size >= PARAMETERS_MAX) throw new FormFault('There are too many parameters')
    seen.add(name)
    if (value.includes('\0')) throw new FormFault('Parameters must not hold NUL characters')
    if (value !== '') form.set(name, value)
  }
  return form
}

/** RFC 6749 keeps descriptions to printable ASCII without quotes. */
const shown = (name: string): string => name.slice(0, 40).replaceAll(/[^\w.-]/g, '?')
