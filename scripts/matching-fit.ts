import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Example, fitWeights } from '../server/src/matching/fit-weights.ts'
import { learned } from '../server/src/matching/parameters.ts'
import type { Weights } from '../server/src/matching/weights.ts'
import { isRight } from './matching-judge.ts'
import { judgedPolicy, runBooks } from './matching-run.ts'
import { customs, startWeights } from './matching-start.ts'
import { matchAll, type WeighedReading } from '../server/src/matching/index.ts'

/** Learns the engine's parameters from the development part of the open books and writes them into the engine:
 *  `npm run matching:fit -- <folder> weights`, then `… calibration` with the new weights.
 *  Weights: the most likely ones when the readings of a line and "none of them" exclude each other (conditional logit),
 *  held near their start. Calibration: the rising line that comes nearest to how often proposals were right. */

const [folder, task] = process.argv.slice(2)
if (folder === undefined || (task !== 'weights' && task !== 'calibration'))
  throw new Error('Usage: node scripts/matching-fit.ts <folder> weights|calibration')
const target = join(resolve(import.meta.dirname, '..'), 'server/src/matching/parameters.ts')

/** How many lines' worth of belief hold a weight at its start. */
const holdLines = 1.5
const rounds = 400

const { books, partOf } = runBooks(folder)

function learnWeights(): Weights {
  const examples: Example[] = []
  for (const { name, tenant } of books) {
    const observed = new Map<string, readonly WeighedReading[]>()
    matchAll({
      ...tenant,
      policy: judgedPolicy,
      observe: (transaction, readings) => observed.set(transaction.id, readings),
    })
    for (const [id, readings] of observed) {
      const truth = tenant.truth.get(id)
      if (truth === undefined || readings.length === 0 || partOf(name, id) !== 'development') continue
      const paid = new Set(truth.allocations.map((one) => one.invoiceId))
      examples.push({
        readings: readings.map(({ signals }) => signals),
        right: readings.findIndex(
          ({ invoiceIds }) => invoiceIds.length === paid.size && invoiceIds.every((one) => paid.has(one)),
        ),
      })
    }
  }
  console.log(`learning from ${examples.length} lines`)
  return fitWeights(examples, startWeights, { holdLines, rounds, fixed: customs })
}

/** How many lines hold the slope at one. */
const slopeHold = 20

/** Two ends of the straight line through log-odds that fits best (Platt), held near the one that changes nothing. For lines
 *  that nothing holds back there are too few wrong ones for steps. */
function straightLine(cases: readonly { raw: number; right: boolean }[]): [number, number][] {
  let height = 0
  let slope = 1
  for (let round = 0; round < 4000; round += 1) {
    let up = -2 * height
    let turn = slopeHold * (1 - slope)
    for (const { raw, right } of cases) {
      const error = (right ? 1 : 0) - 1 / (1 + Math.exp(-(height + slope * raw)))
      up += error
      turn += error * raw
    }
    height += 0.002 * up
    slope = Math.max(0.2, slope + 0.0001 * turn)
  }
  const at = (raw: number): [number, number] => [raw, Math.round((height + slope * raw) * 1000) / 1000]
  return [at(0), at(20)]
}

/** Pools neighbours until the shares rise (isotonic regression), then takes the pools' log-odds as points of the line. */
function learnCalibration(held: boolean): [number, number][] {
  const cases = books
    .flatMap(({ name, tenant, verdicts }) =>
      verdicts.flatMap((verdict) => {
        const truth = tenant.truth.get(verdict.transactionId)
        if (
          truth === undefined ||
          verdict.best === null ||
          verdict.withheld.length > 0 !== held ||
          partOf(name, verdict.transactionId) !== 'development'
        )
          return []
        const raw = verdict.best.reasons.reduce(
          (sum, reason) => (reason.code === 'calibration' ? sum : sum + reason.weight),
          0,
        )
        return [{ raw, right: isRight(verdict.best, truth) && truth.allocations.length > 0 }]
      }),
    )
    .sort((left, right) => left.raw - right.raw)
  if (!held) return straightLine(cases)
  const size = 120
  let pools: { raw: number; right: number; count: number }[] = []
  for (let at = 0; at < cases.length; at += size) {
    const part = cases.slice(at, at + size)
    pools.push({
      raw: part.reduce((sum, one) => sum + one.raw, 0),
      right: part.filter((one) => one.right).length,
      count: part.length,
    })
    for (
      let last = pools.at(-1), before = pools.at(-2);
      last && before && before.right / before.count >= last.right / last.count;
      last = pools.at(-1), before = pools.at(-2)
    )
      pools = [
        ...pools.slice(0, -2),
        { raw: before.raw + last.raw, right: before.right + last.right, count: before.count + last.count },
      ]
  }
  const points = pools.map(({ raw, right, count }): [number, number] => {
    // Half a case on either side, so that no pool is certain.
    const share = (right + 0.5) / (count + 1)
    const odds = Math.log(share / (1 - share))
    return [Math.round((raw / count) * 1000) / 1000, Math.round(odds * 1000) / 1000]
  })
  return points.filter(([raw, odds], at) => {
    const before = points[at - 1]
    return before === undefined || (raw > before[0] && odds > before[1])
  })
}

const weights = new Map(Object.entries(task === 'weights' ? learnWeights() : learned.weights))
const curves = ['free', 'held'].map((name): [string, [number, number][]] => [
  name,
  task === 'weights' ? [] : learnCalibration(name === 'held'),
])
writeFileSync(
  target,
  `/** What the engine has learned, in log-odds. Written by \`npm run matching:fit\` from the development part of the open books;
 *  the weights start from weights of evidence after Fellegi and Sunter and are held near them. Not for editing by hand. */
export const learned = {
  weights: {
${[...weights].map(([name, weight]) => `    ${/^\w+$/.test(name ?? '') ? name : `'${name}'`}: ${weight},`).join('\n')}
  },
  /** Points of rising lines from raw to calibrated log-odds, straight between them and nearly flat beyond the last: for lines
   *  that may be applied, and for those that something holds back. */
  calibration: {
${curves.map(([name, points]) => `    ${name}: [\n${points.map(([raw, odds]) => `      [${raw}, ${odds}],`).join('\n')}\n    ] as readonly (readonly [raw: number, calibrated: number])[],`).join('\n')}
  },
} as const
`,
)
console.log(`${weights.size} weights and ${curves.map(([, points]) => points.length).join(' + ')} points written`)
