import assert from 'node:assert/strict'
import { join } from 'node:path'
import { inaccessible } from './accessible.ts'
import { SHOTS, test } from './runner.ts'
import { isExamined, LOOKS, stage, watch } from './shared.ts'

/** What is seen without being signed in. */
const PAGES = {
  'sign-in': '/sign-in',
  forgot: '/auth/forgot',
  accept: () => stage.invitation('cora@example.com', 'Cora Lind'),
  sandbox: '/sandbox',
}

/** Nobody is signed in, which the console notes. */
const isUnexpected = (fault: string): boolean => !fault.includes('/auth/me')

for (const [name, at] of Object.entries(PAGES)) {
  test(`page ${name}`, async () => {
    const path = typeof at === 'string' ? at : await at()
    const problems = await Promise.all(
      LOOKS.map(async ({ name: look, ...options }) => {
        await using context = await stage.browser.newContext({ baseURL: stage.origin, ...options, locale: 'en-GB' })
        const { page, faults, quiet } = await watch(context)
        await page.goto(path)
        await quiet()
        await page.screenshot({ path: join(SHOTS, `${name}-${look}.png`) })
        const found = [...faults.filter(isUnexpected), ...(isExamined(look) ? await inaccessible(page) : [])]
        if (await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth'))
          found.push('scrolls to the side')
        return found.map((problem) => `${look}: ${problem}`)
      }),
    )
    assert.deepEqual(problems.flat(), [])
  })
}
