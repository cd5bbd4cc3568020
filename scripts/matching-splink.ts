import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defaultPolicy, matchAll, type Verdict } from '../server/src/matching/index.ts'
import { loadPairs, loadTenant } from './matching-books.ts'
import { percent } from './matching-report.ts'

/** Prints how well the engine does on the public payment set without labels: `node scripts/matching-splink.ts <folder>`, with
 *  `cold` (no history) and `warm` (300 decisions) in the folder. Only identities count. */

const folder = process.argv[2]
if (folder === undefined) throw new Error('Usage: node scripts/matching-splink.ts <folder>')

/** The largest share of all lines that confidences could apply at this precision: the best cut through the ordered list. */
function unattendedShare(judged: readonly { confidence: number; right: boolean }[], lines: number): number {
  const sorted = [...judged].sort((left, right) => right.confidence - left.confidence)
  let wrong = 0
  let best = 0
  sorted.forEach((one, at) => {
    if (!one.right) wrong += 1
    // Equal confidences are applied together or not at all.
    if (sorted[at + 1]?.confidence !== one.confidence && wrong <= 0.001 * (at + 1)) best = at + 1
  })
  return best / lines
}

for (const set of ['cold', 'warm']) {
  const path = join(resolve(folder), set)
  if (!existsSync(path)) continue
  const tenant = loadTenant(path)
  const truth = loadPairs(path)
  const from = performance.now()
  const verdicts = matchAll({ ...tenant, policy: defaultPolicy })
  const seconds = (performance.now() - from) / 1000
  const isRight = (verdict: Verdict): boolean =>
    verdict.best?.allocations.length === 1 &&
    verdict.best.allocations[0]?.invoiceId === truth.get(verdict.transactionId)
  const proposed = verdicts.filter((verdict) => (verdict.best?.allocations.length ?? 0) > 0)
  const right = proposed.filter(isRight).length
  const applied = verdicts.filter((verdict) => verdict.decision === 'auto')
  const appliedRight = applied.filter(isRight).length
  const precision = right / Math.max(1, proposed.length)
  const recall = right / truth.size
  const share = unattendedShare(
    proposed.map((verdict) => ({ confidence: verdict.best?.confidence ?? 0, right: isRight(verdict) })),
    truth.size,
  )
  console.log(
    `${set}: ${truth.size} lines; F1 ${((2 * precision * recall) / Math.max(1e-9, precision + recall)).toFixed(4)} (precision ${percent(right, proposed.length)} %, recall ${percent(right, truth.size)} %); ` +
      `unattended at 99.9 % precision ${percent(share, 1)} %; applied ${percent(applied.length, truth.size)} % at ${percent(appliedRight, applied.length)} %; ${seconds.toFixed(1)} s`,
  )
}
