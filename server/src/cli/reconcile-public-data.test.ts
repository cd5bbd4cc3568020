import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { reconcile } from './reconcile.ts'

const folder = process.env.PAYYMO_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const present = existsSync(join(folder, 'cases'))
if (!present) console.warn(`Skipped: the reconcile cases of the public data are not in ${folder} (set PAYYMO_DATA).`)

interface Allocation {
  invoice: string
  amount: string
}
interface Case {
  kind: string
  title: string
  transactions: string
  invoices: string
  history?: string
  expect: {
    lines: { tx: string; decision: string[]; allocations?: Allocation[][]; never?: string[]; other_currency?: true }[]
    at_most?: Record<string, string>
  }
}
interface Decided {
  transaction_id: string
  decision: string
  allocations: { invoice_id: string; amount: string }[]
  alternatives: { allocations: { invoice_id: string }[] }[]
}

/** Verdicts with amounts as printed. */
async function decide(options: {
  transactions: string
  invoices: string
  history?: string
}): Promise<Map<string, Decided>> {
  let out = ''
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      out += chunk
      done()
    },
  })
  const notes = new Writable({ write: (_chunk, _encoding, done) => done() })
  await reconcile({ ...options, format: 'jsonl', scorer: 'calibrated' }, stream, notes)
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line.replace(/"amount":([\d.]+)/g, '"amount":"$1"')) as Decided)
  return new Map(lines.map((line) => [line.transaction_id, line]))
}

const cases = present
  ? readdirSync(join(folder, 'cases'))
      .filter((name) => existsSync(join(folder, 'cases', name, 'case.json')))
      .map(
        (name) => [name, JSON.parse(readFileSync(join(folder, 'cases', name, 'case.json'), 'utf8')) as Case] as const,
      )
      .filter(([, { kind }]) => kind === 'reconcile')
  : []

describe.skipIf(!present)('cases that went wrong elsewhere', () => {
  it.each(cases)('%s', async (name, { transactions, invoices, history, expect: expected }) => {
    const path = (file: string) => join(folder, 'cases', name, file)
    const verdicts = await decide({
      transactions: path(transactions),
      invoices: path(invoices),
      ...(history === undefined ? {} : { history: path(history) }),
    })
    for (const line of expected.lines) {
      const verdict = verdicts.get(line.tx)!
      expect(line.decision).toContain(verdict.decision)
      const ids = verdict.allocations.map(({ invoice_id: id }) => id)
      for (const id of line.never ?? []) expect(ids).not.toContain(id)
      if (line.allocations === undefined || line.other_currency) continue
      const shown = verdict.allocations.map((one) => ({ invoice: one.invoice_id, amount: one.amount }))
      const sorted = (list: Allocation[]) => list.toSorted((one, other) => (one.invoice < other.invoice ? -1 : 1))
      expect(line.allocations.map(sorted)).toContainEqual(sorted(shown))
    }
    for (const [id, most] of Object.entries(expected.at_most ?? {})) {
      const applied = [...verdicts.values()]
        .filter(({ decision }) => decision === 'auto')
        .flatMap(({ allocations }) => allocations.filter(({ invoice_id: one }) => one === id))
      expect(applied.length).toBeLessThanOrEqual(1)
      for (const one of applied) expect(one.amount).toBe(most)
    }
  })
})

const statements = join(folder, 'statements')

describe.skipIf(!present)('statement files of one book', () => {
  const truths = present
    ? readFileSync(join(statements, 'truth.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map(
          (line) =>
            JSON.parse(line) as { transaction_id: string; expected: string; allocations: { invoice_id: string }[] },
        )
    : []

  it.each([
    ['de-camt053-v02.xml', 'de-mt940.sta'],
    ['nl-camt053-v08.xml', 'nl-mt940.940'],
    ['gb-ofx211.ofx', null],
    ['us-ofx102.ofx', null],
  ])('%s pays only what is due, and pays the same as %s', async (file, same) => {
    const read = (one: string) =>
      decide({
        transactions: join(statements, one),
        invoices: join(statements, 'invoices.jsonl'),
        history: join(statements, 'history.jsonl'),
      })
    const paidBy = (verdict: Decided | undefined) =>
      verdict?.decision === 'auto'
        ? verdict.allocations
            .map(({ invoice_id: id }) => id)
            .toSorted()
            .join(' ')
        : ''
    const verdicts = await read(file)
    const due = truths.filter(({ transaction_id: id }) => verdicts.has(id))
    expect(due.length).toBe(verdicts.size)
    // How well the engine decides is measured elsewhere; here the files must carry the evidence to it.
    const paid = due.filter(({ transaction_id: id }) => paidBy(verdicts.get(id)) !== '')
    const wrong = paid.filter(
      (truth) =>
        paidBy(verdicts.get(truth.transaction_id)) !==
        truth.allocations
          .map(({ invoice_id: id }) => id)
          .toSorted()
          .join(' '),
    )
    expect(wrong.length).toBeLessThanOrEqual(2)
    expect(paid.length).toBeGreaterThan(due.filter(({ expected }) => expected === 'auto').length * 0.6)
    if (same === null) return
    const others = await read(same)
    expect([...others.keys()].toSorted()).toEqual([...verdicts.keys()].toSorted())
    const differing = [...verdicts.keys()].filter(
      (id) =>
        paidBy(verdicts.get(id)) !== '' &&
        paidBy(others.get(id)) !== '' &&
        paidBy(verdicts.get(id)) !== paidBy(others.get(id)),
    )
    expect(differing).toEqual([])
  })
})
