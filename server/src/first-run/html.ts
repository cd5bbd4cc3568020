/** Text that is HTML already; everything else is escaped when it is put into a page. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a page. */
export type Shown = string | number | boolean | Html | null | undefined | readonly Shown[]

/** Joins literal HTML with values: texts are escaped, lists are joined, null and false vanish. */
export function html(literals: TemplateStringsArray, ...values: Shown[]): Html {
  return new Html(
    literals.reduce((page, literal, n) => page + literal + (n < values.length ? shown(values[n]) : ''), ''),
  )
}

function shown(value: Shown): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'object' && value !== null) return value.map(shown).join('')
  if (value === null || value === undefined || value === false) return ''
  return String(value).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
