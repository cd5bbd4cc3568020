// npm test: every test that needs no browser, PHP or server outside npm. Ends with one line: N passed, N failed[, N skipped].
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from './run.ts'

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  numFailedTestSuites: number
  testResults: {
    name: string
    status: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

const folder = mkdtempSync(join(tmpdir(), 'payymo-test-report-'))
const file = join(folder, 'report.json')
const status = await run('node_modules/vitest/vitest.mjs', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${file}`,
  ...process.argv.slice(2),
])
let report: Report
try {
  report = JSON.parse(readFileSync(file, 'utf8')) as Report
} catch {
  console.log('0 passed, 1 failed')
  process.exit(1)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const skipped = report.testResults.flatMap((result) =>
  result.assertionResults
    .filter((test) => test.status === 'pending' || test.status === 'skipped' || test.status === 'todo')
    .map((test) => test.fullName),
)
for (const name of skipped) console.log(`skipped: ${name}`)
// A file that could not even be loaded has no tests of its own to count.
const broken = report.testResults.filter(
  (result) => result.status === 'failed' && result.assertionResults.every((test) => test.status !== 'failed'),
)
for (const { name } of broken) console.log(`broken: ${name.replace(`${root}/`, '')}`)
// Once more at the end, where a reader of a long log looks first.
for (const { name, assertionResults } of report.testResults) {
  for (const test of assertionResults.filter(({ status }) => status === 'failed')) {
    console.log(`failed: ${name.replace(`${root}/`, '')}: ${test.fullName}`)
    console.log(`  ${(test.failureMessages ?? []).join('\n').split('\n').slice(0, 12).join('\n  ')}`)
  }
}
const failed = report.numFailedTests + broken.length
console.log(
  'Not run here, each a command of its own: npm run prove:auth, prove:tenancy, prove:input, prove:secrets, prove:limits (half a minute to two minutes each), prove:invariants and prove:faults (kill processes, minutes long), bench. The WHMCS module (PHP): npm run module:check.',
)
console.log(
  `${report.numPassedTests} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
)
process.exit(status !== 0 || failed > 0 || report.numPassedTests === 0 ? 1 : 0)
