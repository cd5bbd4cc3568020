import type { MatchInvoice } from '../server/src/matching/index.ts'

/** Small facts of invoices, names and days for invented lines. */

/** The same numbers for the same seed (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Letters without marks, for comparing names in the invented books only. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ł/g, 'l')
    .replace(/Ł/g, 'L')
    .replace(/ø/g, 'o')
    .replace(/Ø/g, 'O')
    .replace(/ß/g, 'ss')
    .toLowerCase()

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** What a payer would call the invoice. */
export const label = (invoice: MatchInvoice): string => invoice.number || invoice.id

export const domainOf = (invoice: MatchInvoice): string =>
  /[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/.exec(invoice.items[0]?.description ?? '')?.[0] ?? ''

export const serviceOf = (invoice: MatchInvoice): string =>
  (invoice.items[0]?.description.split(' - ')[0] ?? '').replace(/\S+\.\S+|\S*\d[-/]\d\S*|\([^)]*\)/g, '').trim() ||
  'Hosting'

export const lastName = (name: string): string => name.split(' ').at(-1) ?? ''
export const firstName = (name: string): string => name.split(' ')[0] ?? ''
