import assert from 'node:assert/strict'
import type { BrowserContext, Page } from 'playwright-core'
import { setStage, type Stage } from '../stage.ts'
import type { Asked } from './runner.ts'

/** The program that all tests share, and the browser. */
export const stage: Stage = await setStage()

export const WIDE = { width: 1440, height: 900 }
export const NARROW = { width: 360, height: 740 }

/** The ways of looking at everything. axe examines both widths and both colour schemes, once each: all four would take a minute more. */
export const LOOKS = [
  { name: '360-light', viewport: NARROW, colorScheme: 'light' },
  { name: '360-dark', viewport: NARROW, colorScheme: 'dark' },
  { name: '1440-light', viewport: WIDE, colorScheme: 'light' },
  { name: '1440-dark', viewport: WIDE, colorScheme: 'dark' },
] as const
export const isExamined = (look: string): boolean => look === '360-light' || look === '1440-dark'

/** Longer than a busy machine needs. */
const PATIENCE_MS = 30_000
const QUIET_MS = 200
const LOOK_MS = 25

/** A page, and what went wrong in it while nobody looked. */
export interface Watched {
  page: Page
  /** Errors of the console (also what the content security policy refuses) and of scripts. */
  faults: string[]
  /** Resolves when nothing is on its way any more and nothing waits on the screen. */
  quiet(): Promise<void>
}

export async function watch(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const faults: string[] = []
  page.on(
    'console',
    (message) => message.type() === 'error' && faults.push(`${message.text()} ${message.location().url}`),
  )
  page.on('pageerror', (error) => faults.push(error.message))
  const under = new Set<unknown>()
  let changedMs = performance.now()
  const change = (work: () => void) => {
    work()
    changedMs = performance.now()
  }
  // The stream of events never ends.
  page.on('request', (request) => !request.url().includes('/events/stream') && change(() => under.add(request)))
  page.on('requestfinished', (request) => change(() => under.delete(request)))
  page.on('requestfailed', (request) => change(() => under.delete(request)))
  const quiet = async () => {
    const endsMs = performance.now() + PATIENCE_MS
    changedMs = performance.now()
    while (under.size > 0 || performance.now() - changedMs < QUIET_MS || (await waits(page))) {
      if (performance.now() > endsMs) throw new Error(`${page.url()} does not come to rest`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }
  return { page, faults, quiet }
}

const waits = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>("!document.querySelector('h1, h2') || document.querySelector('.animate-pulse') !== null")

/** A browser of this size at an address, come to rest. It ends with the test. */
export async function open(
  test: Asked,
  path: string,
  options: Parameters<Stage['signedIn']>[0] = {},
  as?: Parameters<Stage['signedIn']>[1],
): Promise<Watched & { context: BrowserContext }> {
  const context = await stage.signedIn({ viewport: WIDE, locale: 'en-GB', ...options }, as)
  test.after(() => context.close())
  const watched = await watch(context)
  await watched.page.goto(path)
  await watched.quiet()
  return { ...watched, context }
}

/** Asks until the answer is as wanted. */
export async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean, what: string): Promise<T> {
  const endsMs = performance.now() + 45_000
  for (;;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    assert.ok(performance.now() < endsMs, `${what}; at last: ${JSON.stringify(answer).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
