import assert from 'node:assert/strict'
import { en } from '../../src/words/en/index.ts'
import { test } from './runner.ts'
import { modeNow, suggestions } from './seed.ts'
import { eventually, open } from './shared.ts'

test('booking by itself is switched on only after looking at what would be booked', async (t) => {
  await suggestions(1, 'AUTO')
  assert.equal(await modeNow(), 'suggest')
  const { page, context, faults } = await open(t, '/matching')
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await context.route('**/api/v1/invoice-matches/run', async (route) => {
    await held
    await route.continue()
  })
  const { matching } = en
  await page.getByRole('button', { name: matching.modes.look }).click()
  const preview = page.getByRole('dialog', { name: matching.preview.title })
  const switchOn = preview.getByRole('button', { name: matching.preview.switchOn })
  await switchOn.waitFor()
  assert.ok(await switchOn.isDisabled(), 'nobody switches it on before the answer stands there')
  answer()
  await preview.getByText('AUTO-70000').first().waitFor()
  assert.equal(await modeNow(), 'suggest', 'looking changes nothing')
  await switchOn.click()
  await eventually(modeNow, (mode) => mode === 'auto', 'the mode is kept')
  await preview.waitFor({ state: 'hidden' })
  const now = page.getByRole('listitem').filter({ hasText: matching.modes.now })
  await now.getByRole('heading', { name: matching.modes.auto.title }).waitFor()
  assert.deepEqual(faults, [])
})
