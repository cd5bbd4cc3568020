import assert from 'node:assert/strict'
import { test } from './runner.ts'
import { en } from '../../src/words/en/index.ts'
import { open, stage } from './shared.ts'

test('a key is made: shown once, copied, and gone after a reload', async (t) => {
  const { page, context, quiet, faults } = await open(t, '/keys')
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { keys, app } = en
  await page.getByRole('button', { name: keys.add }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel(keys.name).fill('Books')
  await form.getByLabel(`${keys.resources.transactions}: ${keys.read}`).check({ force: true })
  await form.getByRole('button', { name: keys.create }).click()
  const shown = page.getByLabel(keys.secretLabel, { exact: true })
  const secret = await shown.innerText()
  assert.match(secret, /^pk_test_\w+$/)
  await page.getByRole('button', { name: app.copy }).first().click()
  await page.getByRole('button', { name: app.copied }).waitFor()
  assert.equal(await page.evaluate<string>('navigator.clipboard.readText()'), secret)
  const answer = await fetch(`${stage.origin}/api/v1/transactions?per_page=1`, {
    headers: { authorization: `Bearer ${secret}` },
  })
  assert.equal(answer.status, 200, 'the key works')
  await page.reload()
  await quiet()
  const text = await page.locator('main').innerText()
  assert.ok(text.includes('Books') && !text.includes(secret))
  assert.deepEqual(faults, [])
})
