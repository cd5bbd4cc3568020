/** What a test may ask of its runner. */
export interface Asked {
  /** Does the work when the test has ended, however it ended. */
  after(work: () => Promise<void>): void
  /** Prints what was measured under the name of the test. */
  say(text: string): void
}

type Work = (asked: Asked) => Promise<void>

const tests: { name: string; work: Work }[] = []
const TEST_MS_MAX = 120_000

/** A test by its name; it fails by throwing. Run in the order of naming, one at a time. */
export function test(name: string, work: Work): void {
  tests.push({ name, work })
}

/** Runs the tests whose names hold one of these parts (all, without any), and tells each as it ends. */
export async function runTests(parts: readonly string[]): Promise<{ passed: number; failed: number }> {
  const count = { passed: 0, failed: 0 }
  for (const { name, work } of tests) {
    if (parts.length > 0 && !parts.some((part) => name.includes(part))) continue
    const startedMs = performance.now()
    const ends: (() => Promise<void>)[] = []
    const said: string[] = []
    try {
      await inTime(work({ after: (end) => void ends.push(end), say: (text) => void said.push(text) }))
      count.passed += 1
      console.log(`✓ ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`)
    } catch (error) {
      count.failed += 1
      console.log(
        `✗ ${name}\n  ${(error instanceof Error ? (error.stack ?? error.message) : String(error)).replaceAll('\n', '\n  ')}`,
      )
    }
    for (const text of said) console.log(`  ${text}`)
    for (const end of ends) await end().catch(() => {})
  }
  return count
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${TEST_MS_MAX / 1000} seconds`)), TEST_MS_MAX)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
