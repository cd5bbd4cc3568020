import assert from 'node:assert/strict'
import { test } from './runner.ts'
import { en } from '../../src/words/en/index.ts'
import { open, stage } from './shared.ts'

test('a lost session leads to the sign-in and back to where one was', async (t) => {
  const { page, context, quiet } = await open(t, '/transactions?direction=credit')
  await context.clearCookies()
  // The token in the page may be good for some minutes more: asking anew shows that the session is gone.
  await context.route('**/api/v1/**', (route) =>
    route.fulfill({ status: 401, json: { error: { code: 'unauthorized', message: 'Signed out', details: [] } } }),
  )
  await page.getByRole('link', { name: en.nav.invoices }).click()
  await page.waitForURL(/\/sign-in/)
  await page.getByText(en.signIn.expired).waitFor()
  await context.unroute('**/api/v1/**')
  await page.locator('input[name=email]').fill(stage.owner.email)
  await page.locator('input[name=password]').fill('not the password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText(en.signIn.wrong).waitFor()
  assert.equal(await page.locator('input[name=email]').inputValue(), stage.owner.email, 'what was typed stays')
  await page.locator('input[name=password]').fill(stage.owner.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/invoices/)
  await quiet()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), en.invoices.title)
})

test('the menu of the account opens by keys, and gives the focus back', async (t) => {
  const { page, faults } = await open(t, '/team')
  const button = page.getByRole('button', { name: en.app.account })
  await button.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitemradio', { name: en.app.theme.dark }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  assert.match(await page.evaluate<string>('document.activeElement.textContent'), new RegExp(en.app.account))
  assert.deepEqual(faults, [])
})

test('a server out of reach is said where one looks, and what was typed stays', async (t) => {
  const { page, context, quiet } = await open(t, '/transactions')
  await context.setOffline(true)
  await page.getByRole('link', { name: en.nav.clients }).click()
  await page.getByRole('alert').getByText(en.states.offline).waitFor({ timeout: 45_000 })
  await context.setOffline(false)
  await page.getByRole('button', { name: en.states.again }).click()
  await page.getByRole('alert').waitFor({ state: 'detached' })
  await page.goto('/settings')
  await quiet()
  const name = page.locator('main input[type=text], main input:not([type])').first()
  await name.fill('Fjordlicht Cloud')
  await context.setOffline(true)
  await page.getByRole('button', { name: en.app.save }).first().click()
  await page.getByText(en.states.offlineText).first().waitFor({ timeout: 45_000 })
  assert.equal(await name.inputValue(), 'Fjordlicht Cloud')
})
