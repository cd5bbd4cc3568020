import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { emptyTally, judge, type Tally } from '../../../scripts/matching-judge.ts'
import { loadTenant } from '../../../scripts/matching-books.ts'
import { defaultPolicy, matchAll } from './index.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(process.env['PAYYMO_DATA'] ?? resolve(here, '../../../../shared/data'), 'matching')
const present = existsSync(root)
if (!present) console.log(`skipped: no judged books in ${root} (set PAYYMO_DATA to the folder that holds them)`)

function run(set: string): Tally {
  const tally = emptyTally()
  for (const entry of readdirSync(join(root, set), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const tenant = loadTenant(join(root, set, entry.name))
    for (const verdict of matchAll({ ...tenant, policy: { ...defaultPolicy, acrossCurrencies: true } })) {
      const truth = tenant.truth.get(verdict.transactionId)
      if (truth !== undefined) judge(tally, verdict, truth)
    }
  }
  return tally
}

/** Floors that were reached once are not given up: wrong money first, coverage second. */
describe.skipIf(!present)('on the open judged books', () => {
  it('applies hardly anything wrongly and most of what it should in the small set', () => {
    const tally = run('small')
    expect(tally.appliedNothingDue).toBe(0)
    expect(tally.applied - tally.appliedRight).toBeLessThanOrEqual(1)
    expect(tally.coveredInvoices / tally.autoInvoices).toBeGreaterThan(0.96)
    expect(tally.firstRight / tally.autoLines).toBeGreaterThan(0.995)
  })

  it('applies nothing to hostile lines', () => {
    const tally = run('hostile')
    expect(tally.applied - tally.appliedRight).toBe(0)
    expect(tally.coveredInvoices / tally.autoInvoices).toBeGreaterThan(0.97)
  })
})
