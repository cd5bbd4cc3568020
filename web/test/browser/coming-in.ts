import assert from 'node:assert/strict'
import { en } from '../../src/words/en/index.ts'
import { test } from './runner.ts'
import { stage, watch, WIDE } from './shared.ts'

test('from the terminal into the dashboard: the link, a password, and the overview stands at the root', async () => {
  assert.ok(stage.comeIn, 'the terminal shows a link')
  await using context = await stage.browser.newContext({ baseURL: stage.origin, viewport: WIDE, locale: 'en-GB' })
  const { page, quiet } = await watch(context)
  const heading = page.getByRole('heading', { level: 1, name: en.overview.title })
  await page.goto('/')
  await page.waitForURL(/\/sign-in/)
  await page.goto(stage.comeIn)
  await page.locator('input[name=password]').fill('a harbour of one’s own')
  await page.locator('form button').first().click()
  await page.waitForURL((url) => url.pathname === '/')
  await heading.waitFor()
  await quiet()
  await page.reload()
  await heading.waitFor()
  assert.equal(new URL(page.url()).pathname, '/')
})
