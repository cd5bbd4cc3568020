// npm run test:browser [-- PART-OF-A-NAME …]: lives the dashboard's journeys in Debian's Chromium, looks at every screen, and ends with
// one line: N passed, N failed. One program with its sandbox company stands for all of them.
import { run } from '../../scripts/run.ts'
import { runTests } from './browser/runner.ts'
import { findChromium } from './stage.ts'

const ALL_MS_MAX = 600_000

if (findChromium() === undefined) {
  console.error('Chromium was not found. Install it with: apt-get install chromium (or name one in PAYYMO_CHROMIUM).')
  process.exit(1)
}
const count = { passed: 0, failed: 0 }
const tell = () => console.log(`${count.passed} passed, ${count.failed} failed`)
setTimeout(() => {
  console.log(`✗ not done after ${ALL_MS_MAX / 60_000} minutes, so it ends here`)
  count.failed += 1
  tell()
  process.exit(1)
}, ALL_MS_MAX).unref()

// The program starts while the dashboard is built: it reads what was built when somebody first asks for it.
const [built, { stage }] = await Promise.all([run('scripts/build.ts', []), import('./browser/shared.ts')])
if (built !== 0) process.exit(built)
try {
  // What looks comes before what changes.
  await import('./browser/coming-in.ts')
  await import('./browser/pages.ts')
  await import('./browser/screens.ts')
  await import('./browser/budget.ts')
  await import('./browser/first-approval.ts')
  await import('./browser/decisions.ts')
  await import('./browser/doubts.ts')
  await import('./browser/lines.ts')
  await import('./browser/statements.ts')
  await import('./browser/keys.ts')
  await import('./browser/webhooks.ts')
  await import('./browser/policy.ts')
  await import('./browser/lost.ts')
  await import('./browser/long-list.ts')
  await runTests(process.argv.slice(2), count)
} catch (error) {
  count.failed += 1
  console.error(error)
} finally {
  tell()
  await stage.stop()
}
process.exit(count.failed > 0 ? 1 : 0)
