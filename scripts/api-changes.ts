// npm run check calls this: it compares openapi.json with the released API (docs/openapi-baseline.json) and fails where a caller
// that worked would stop working, unless the operation was deprecated and its sunset has passed. Every deprecated operation must
// stand in CHANGELOG.md with its sunset.
// `node scripts/api-changes.ts --release` makes the present API the released one: only when a version is released.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { breakingChanges, deprecatedOutsideChangelog, type Document, shapeOnly } from './api-compare.ts'
import { formatted } from './formatted.ts'
import { root } from './run.ts'

const BASELINE = join(root, 'docs/openapi-baseline.json')
const current = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')) as Document

if (process.argv.includes('--release')) {
  writeFileSync(BASELINE, formatted(JSON.stringify(shapeOnly(current)), 'json'))
  console.log('docs/openapi-baseline.json is the present API now.')
} else {
  const released = JSON.parse(readFileSync(BASELINE, 'utf8')) as Document
  const today = new Date().toISOString().slice(0, 10)
  const faults = [
    ...breakingChanges(released, current, today),
    ...deprecatedOutsideChangelog(current, readFileSync(join(root, 'CHANGELOG.md'), 'utf8')),
  ]
  for (const fault of faults) console.log(fault)
  console.log(faults.length === 0 ? 'Nothing that worked stops working.' : `${faults.length} incompatible changes`)
  process.exit(faults.length === 0 ? 0 : 1)
}
