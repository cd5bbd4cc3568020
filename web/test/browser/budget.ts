import assert from 'node:assert/strict'
import { test } from './runner.ts'
import { gzipSync } from 'node:zlib'
import { open, stage, watch, WIDE } from './shared.ts'

const SCRIPT_BYTES_MAX = 200_000

/** Notes the largest paint; the page asks for it. */
const NOTE_PAINT = `new PerformanceObserver((list) => { window.__paintMs = list.getEntries().at(-1).startTime })
  .observe({ type: 'largest-contentful-paint', buffered: true })`

test('the first load of sign-in and overview is at most 200 kB of script', async (t) => {
  await using context = await stage.browser.newContext({ baseURL: stage.origin, viewport: WIDE })
  const { page, quiet } = await watch(context)
  const scripts = new Map<string, number>()
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    void response.body().then((body) => scripts.set(response.url(), gzipSync(body).length))
  })
  await page.goto('/sign-in')
  await quiet()
  await page.locator('input[name=email]').fill(stage.owner.email)
  await page.locator('input[name=password]').fill(stage.owner.password)
  await page.locator('button[type=submit]').click()
  await page.waitForURL((url) => url.pathname === '/')
  await quiet()
  const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0)
  for (const [url, size] of [...scripts].toSorted((a, b) => b[1] - a[1]).slice(0, 8))
    t.say(`${(size / 1000).toFixed(1).padStart(6)} kB ${new URL(url).pathname.split('/').at(-1)}`)
  t.say(`${scripts.size} scripts, ${(bytes / 1000).toFixed(1)} kB gzip`)
  assert.ok(scripts.size > 0 && bytes <= SCRIPT_BYTES_MAX, `${bytes} bytes`)
})

test('the largest paint of a screen comes soon', async (t) => {
  const { page, context, quiet } = await open(t, '/transactions')
  await context.addInitScript(NOTE_PAINT)
  for (const path of ['/', '/review', '/transactions']) {
    await page.goto(path)
    await quiet()
    const paintMs = await page.evaluate<number>('window.__paintMs')
    t.say(`${path}: largest contentful paint after ${Math.round(paintMs)} ms (1500 is the aim on a calm machine)`)
    // Generous: the machine may be busy.
    assert.ok(paintMs > 0 && paintMs < 8_000, `${path}: ${paintMs} ms`)
  }
})
