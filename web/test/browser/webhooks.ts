import assert from 'node:assert/strict'
import { test } from './runner.ts'
import { en } from '../../src/words/en/index.ts'
import { eventually, open, stage } from './shared.ts'

test('a webhook is added, tested, and a delivery sent again', async (t) => {
  const { body } = await stage.api('GET', '/webhooks')
  const receiver: string = body.data[0].url
  const { page, faults } = await open(t, '/webhooks')
  const { webhooks } = en
  await page.getByRole('button', { name: webhooks.add }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel(webhooks.url).fill(`${receiver}?of=browser`)
  await form.getByRole('button', { name: webhooks.add }).click()
  const secret = await page.getByLabel(webhooks.secretLabel, { exact: true }).innerText()
  assert.match(secret, /^whsec_/)
  await page.getByRole('button', { name: webhooks.secretDone }).click()
  await page.getByRole('link', { name: 'of=browser' }).click()
  await page.getByRole('button', { name: webhooks.test }).click()
  const panel = page.getByRole('dialog')
  await panel.getByText(webhooks.attempt(1)).waitFor({ timeout: 30_000 })
  const id = /\/webhooks\/(hook_\w+)/.exec(page.url())![1]
  const delivery = new URL(page.url()).searchParams.get('delivery')
  await panel.getByRole('button', { name: webhooks.redeliver }).click()
  await eventually(
    () => stage.api('GET', `/webhooks/${id}/deliveries/${delivery}`),
    (answer) => answer.body.attempts?.length === 2,
    'it is sent a second time',
  )
  await panel.getByText(webhooks.attempt(2)).waitFor()
  assert.deepEqual(faults, [])
})
