import type { Tenant } from './matching-books.ts'
import { type Change, eachText } from './matching-distort-texts.ts'

/** Distortions that give a tenant another numbering scheme: its invoices and the texts that name them are changed alike, slips
 *  and cuts included, so that a text is as near to its number as it was. Digits are only added, the same everywhere. */

/** Writes a number of these runs of digits. The last may be cut or slipped. */
type Scheme = (runs: readonly string[]) => string

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What numbers of the tenant look like in texts: with or without letters and marks, the last digits perhaps short. */
function patternsOf(tenant: Tenant): RegExp[] {
  const shapes = new Map<string, string[]>()
  for (const { number } of tenant.invoices) {
    if (number === '') continue
    const shape = number.replace(/\d+/g, (run) => (run.length === 4 && run.startsWith('20') ? 'Y' : 'N'))
    if (!shapes.has(shape)) shapes.set(shape, number.split(/\d+/))
  }
  return [...shapes].map(([shape, parts]) => {
    const runs = shape.match(/[YN]/g) ?? []
    const lengths = tenant.invoices
      .filter(({ number }) => number !== '')
      .map(({ number }) => (number.match(/\d+/g) ?? []).at(-1)?.length ?? 0)
    const longest = Math.max(...lengths)
    const prefix = parts[0] ?? ''
    const head =
      prefix === ''
        ? ''
        : runs.length > 1
          ? `(?:${escaped(prefix.replace(/\W/g, ''))}\\W? ?)?`
          : `${escaped(prefix.replace(/\W/g, ''))}\\W? ?`
    const tail = `(\\d{1,${longest + 1}})`
    const body =
      runs.length > 1 ? `(20\\d\\d)[-/. ]${tail}` : `(\\d{${Math.max(2, Math.min(...lengths) - 1)},${longest + 1}})`
    return new RegExp(`(?<![\\p{L}\\d])${head}${body}(?![\\p{L}\\d])`, 'giu')
  })
}

const scheme =
  (write: Scheme): Change =>
  (tenant) => {
    const plain = tenant.invoices.every(({ number }) => number === '')
    const renumber = (number: string): string => write(number.match(/\d+/g) ?? [number])
    if (plain) {
      const lengths = tenant.invoices.map(({ id }) => id.length)
      const clients = new Set(tenant.invoices.map(({ client }) => client.id))
      const like = new RegExp(
        `(?<![\\p{L}\\d.,:+/-])\\d{${Math.max(3, Math.min(...lengths) - 1)},${Math.max(...lengths) + 1}}(?![\\p{L}\\d:+/-]|[.,]\\d)`,
        'gu',
      )
      const changed = eachText((text) => text.replace(like, (found) => (clients.has(found) ? found : `30${found}`)))(
        tenant,
      )
      return { ...changed, invoices: tenant.invoices.map((invoice) => ({ ...invoice, number: `30${invoice.id}` })) }
    }
    const patterns = patternsOf(tenant)
    const changed = eachText((text) => {
      // A character of nobody's stands for what is done: each place is changed once, by the first pattern that fits it.
      const kept: string[] = []
      let marked = text
      for (const pattern of patterns)
        marked = marked.replace(pattern, (...found: unknown[]) => {
          const runs = found.slice(1, -2).filter((run): run is string => typeof run === 'string')
          kept.push(write(runs))
          return String.fromCodePoint(0xe000 + kept.length - 1)
        })
      return marked.replace(
        /([\ue000-\uf8ff])/g,
        (_all, at: string) => kept[(at.codePointAt(0) ?? 0xe000) - 0xe000] ?? '',
      )
    })(tenant)
    return {
      ...changed,
      invoices: tenant.invoices.map((invoice) => ({
        ...invoice,
        number: invoice.number === '' ? '' : renumber(invoice.number),
      })),
    }
  }

const last = (runs: readonly string[]): string => runs.at(-1) ?? ''
const year = (runs: readonly string[]): string => (runs.length > 1 ? (runs[0] ?? '') : '')
const inGroups = (digits: string, mark: string): string => digits.match(/.{1,3}/g)?.join(mark) ?? ''

export const numberDistortions: Readonly<Record<string, Change>> = {
  'numbers with slashes': scheme((runs) => `${year(runs) || '7'}/FH/00${last(runs)}`),
  'numbers without letters': scheme((runs) => `${year(runs)}8${last(runs)}`),
  'numbers in groups': scheme((runs) => inGroups(`${year(runs)}8${last(runs)}`, ' ')),
  'numbers with points': scheme((runs) => `${(year(runs) || '2024').slice(2)}.${inGroups(`10${last(runs)}`, '.')}`),
  'numbers with a letter behind': scheme((runs) => `${(year(runs) || '2024').slice(2)}-5${last(runs)}-H`),
}
