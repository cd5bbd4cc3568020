// npm run bench: measures figures of the contract (section 9), each beside its floor or peer, as a table and as JSON.
// npm run bench -- P5 measures the ones named. A goal that is missed is shown as MISSED and ends with status 1.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Figure, type Measurement, met } from './bench/figure.ts'
import { gate } from './bench/gate.ts'
import { ingest } from './bench/ingest.ts'
import { lists } from './bench/lists.ts'
import { matching } from './bench/matching.ts'
import { starts } from './bench/starts.ts'
import { stripe } from './bench/stripe.ts'

const ALL: Measurement[] = [ingest, lists, matching, starts, gate, stripe]

const wanted = process.argv.slice(2).map((id) => id.toUpperCase())
const known = ALL.flatMap(({ ids }) => ids)
const unknown = wanted.filter((id) => !known.includes(id))
if (unknown.length > 0) {
  console.error(`No such figure: ${unknown.join(', ')}. There are ${known.join(', ')}.`)
  process.exit(2)
}
const figures: Figure[] = []
for (const measurement of ALL.filter(({ ids }) => wanted.length === 0 || ids.some((id) => wanted.includes(id)))) {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-bench-'))
  chmodSync(folder, 0o755)
  try {
    const measured = await measurement.run(folder)
    figures.push(...measured)
    print(measured, measurement.floor)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
console.log(JSON.stringify({ figures: figures.map((figure) => ({ ...figure, met: met(figure) })) }))
process.exit(figures.every(met) ? 0 : 1)

function print(measured: Figure[], floor: string): void {
  const cells = ['id'.padEnd(9), 'what'.padEnd(52), ...['measured', 'floor', 'goal'].map((name) => name.padStart(13))]
  console.log(cells.join(''))
  for (const figure of measured) {
    const cell = (value: number | null) =>
      (value === null ? '' : `${value.toFixed(figure.unit === '/s' ? 0 : 2)} ${figure.unit}`).padStart(13)
    const values = [figure.measured, figure.floor, figure.goal].map(cell).join('')
    console.log(`${figure.id.padEnd(9)}${figure.what.padEnd(52)}${values}${met(figure) ? '' : '  MISSED'}`)
  }
  console.log(`floor: ${floor}\n`)
}
