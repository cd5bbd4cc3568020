import assert from 'node:assert/strict'
import { test } from './runner.ts'
import { en } from '../../src/words/en/index.ts'
import { open } from './shared.ts'

const STATEMENT = `Date,Amount,Currency,Text,Name
2026-02-03,120.50,EUR,Invoice 4711,Marlow Hosting
2026-02-04,33.10,EUR,Invoice 4712,Ida Brandt
2026-02-05,-12.00,EUR,Fee,Bank
`

test('statements are uploaded: a good one, the same again, and one that is none', async (t) => {
  const { page, faults } = await open(t, '/connections')
  const { banks } = en
  await page.getByRole('button', { name: banks.file.add }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel(banks.file.name).fill('House bank')
  await form.getByLabel(banks.file.account).fill('Business account')
  await form.getByLabel(banks.file.currency).fill('EUR')
  await form.getByRole('button', { name: banks.file.create }).click()
  await page.waitForURL(/\/connections\/bank_/)
  const choose = page.locator('input[type=file]')
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  const item = (name: string) => page.getByRole('listitem').filter({ hasText: name })
  await choose.setInputFiles(file('february.csv', STATEMENT))
  await item('february.csv').getByText(banks.upload.done, { exact: true }).waitFor()
  assert.match(await item('february.csv').innerText(), new RegExp(`${banks.upload.created}\\s+3`))
  await choose.setInputFiles(file('again.csv', STATEMENT))
  await item('again.csv').getByText(banks.upload.nothingNew).waitFor()
  await choose.setInputFiles(file('holiday.txt', 'Dear Ada, the sea is blue.\n'))
  await item('holiday.txt').getByRole('alert').getByText(banks.upload.hint).waitFor()
  // The refusal is an answer that the console notes.
  assert.deepEqual(
    faults.filter((fault) => !fault.includes('422')),
    [],
  )
})
