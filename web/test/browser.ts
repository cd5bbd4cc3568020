// npm run test:browser [-- PART-OF-A-NAME …]: lives the dashboard's journeys in Debian's Chromium, looks at every screen, and ends with
// one line: N passed, N failed. One program with its sandbox company stands for all of them.
import { run } from '../../scripts/run.ts'
import { runTests } from './browser/runner.ts'
import { findChromium } from './stage.ts'

const ALL_MS_MAX = 900_000

if (findChromium() === undefined) {
  console.error('Chromium was not found. Install it with: apt-get install chromium (or name one in PAYYMO_CHROMIUM).')
  process.exit(1)
}
setTimeout(() => {
  console.error(`not done after ${ALL_MS_MAX / 60_000} minutes, so it ends here`)
  process.exit(1)
}, ALL_MS_MAX).unref()
const built = await run('scripts/build.ts', [])
if (built !== 0) process.exit(built)

const { stage } = await import('./browser/shared.ts')
let failed = 1
try {
  // What looks comes before what changes.
  await import('./browser/screens.ts')
  await import('./browser/pages.ts')
  await import('./browser/budget.ts')
  await import('./browser/first-approval.ts')
  await import('./browser/decisions.ts')
  await import('./browser/lines.ts')
  await import('./browser/statements.ts')
  await import('./browser/keys.ts')
  await import('./browser/webhooks.ts')
  await import('./browser/policy.ts')
  await import('./browser/lost.ts')
  await import('./browser/long-list.ts')
  const count = await runTests(process.argv.slice(2))
  failed = count.failed
  console.log(`${count.passed} passed, ${count.failed} failed`)
} finally {
  await stage.stop()
}
process.exit(failed > 0 ? 1 : 0)
