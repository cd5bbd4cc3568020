import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Where pictures of the screens are put. */
export const SHOTS = process.env.PAYYMO_SHOTS ?? 'web/shots'
mkdirSync(SHOTS, { recursive: true })

/** What a test may ask of its runner. */
export interface Asked {
  /** Does the work when the test has ended, however it ended. */
  after(work: () => Promise<void>): void
  /** Prints what was measured under the name of the test. */
  say(text: string): void
  /** Keeps a picture of the page as it stands. */
  shoot(page: Page, name: string): Promise<void>
}

type Work = (asked: Asked) => Promise<void>

const tests: { name: string; work: Work }[] = []
const TEST_MS_MAX = 90_000

/** A test by its name; it fails by throwing. Run in the order of naming, one at a time. */
export function test(name: string, work: Work): void {
  tests.push({ name, work })
}

/** Runs the tests whose names hold one of these parts (all, without any), tells each as it ends, and counts it. */
export async function runTests(parts: readonly string[], count: { passed: number; failed: number }): Promise<void> {
  for (const { name, work } of tests) {
    if (parts.length > 0 && !parts.some((part) => name.includes(part))) continue
    const startedMs = performance.now()
    const ends: (() => Promise<void>)[] = []
    const said: string[] = []
    try {
      await inTime(work({ after: (end) => void ends.push(end), say: (text) => void said.push(text), shoot }))
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
}

const shoot: Asked['shoot'] = async (page, name) => {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) })
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
