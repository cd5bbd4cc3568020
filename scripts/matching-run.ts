import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { defaultPolicy, matchAll, type MatchPolicy, type Verdict } from '../server/src/matching/index.ts'
import { loadTenant, type Tenant } from './matching-books.ts'
import { splitBooks, type Part } from './matching-split.ts'

/** The settings under which books are judged: those of `payymo reconcile`. */
export const judgedPolicy = { ...defaultPolicy, acrossCurrencies: true }

export interface JudgedBook {
  /** `set/tenant` */
  name: string
  tenant: Tenant
  verdicts: Verdict[]
  /** The sets of invoices that were weighed for each line, by the line's id. */
  weighed: Map<string, string[][]>
  elapsedMs: number
}

const folders = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort((left, right) => (left < right ? -1 : 1))

/** The tenants' folders of a set, or of all sets in a folder, as `set/tenant` with their paths. */
export function findBooks(folder: string): { name: string; path: string }[] {
  const root = resolve(folder)
  return folders(root).flatMap((entry) => {
    const path = join(root, entry)
    if (existsSync(join(path, 'transactions.jsonl.gz'))) return [{ name: `${basename(root)}/${entry}`, path }]
    return folders(path).map((tenant) => ({ name: `${entry}/${tenant}`, path: join(path, tenant) }))
  })
}

/** Runs the engine over one tenant's book. */
export function runBook(name: string, tenant: Tenant, scorer: MatchPolicy['scorer'] = judgedPolicy.scorer): JudgedBook {
  const weighed = new Map<string, string[][]>()
  const from = performance.now()
  const verdicts = matchAll({
    ...tenant,
    policy: { ...judgedPolicy, scorer },
    observe: (transaction, readings) =>
      weighed.set(
        transaction.id,
        readings.map((reading) => reading.invoiceIds),
      ),
  })
  return { name, tenant, verdicts, weighed, elapsedMs: performance.now() - from }
}

/** Runs over all books in a folder, and says for each line which part it belongs to. Hostile books and others are split alike. */
export function runBooks(folder: string): { books: JudgedBook[]; partOf: (book: string, line: string) => Part } {
  const books = findBooks(folder).map(({ name, path }) => runBook(name, loadTenant(path)))
  const partOf = splitBooks(
    books.map(({ name, tenant }) => ({ name, size: name.startsWith('hostile/') ? 'hostile' : tenant.size })),
  )
  return { books, partOf }
}

/** Whether a second run with everything in another order gives the same decisions, byte for byte. */
export function isDeterministic({ tenant, verdicts }: JudgedBook): boolean {
  const mixed = matchAll({
    transactions: shuffled(tenant.transactions),
    invoices: shuffled(tenant.invoices),
    history: shuffled(tenant.history),
    policy: judgedPolicy,
  })
  const print = (verdict: Verdict | undefined): string =>
    JSON.stringify(verdict, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  const again = new Map(mixed.map((verdict) => [verdict.transactionId, verdict]))
  return verdicts.every((verdict) => print(verdict) === print(again.get(verdict.transactionId)))
}

/** The same other order every time. */
function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items]
  let state = 12345
  for (let at = result.length - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    const other = state % (at + 1)
    const kept = result[at] as T
    result[at] = result[other] as T
    result[other] = kept
  }
  return result
}
