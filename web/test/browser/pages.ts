import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from './runner.ts'
import { AxeBuilder } from '@axe-core/playwright'
import { NARROW, RULES, SHOTS, stage, watch, WIDE } from './shared.ts'

/** What is seen without being signed in. */
const PAGES = { 'sign-in': '/sign-in', forgot: '/auth/forgot' }

/** Nobody is signed in, which the console notes. */
const isUnexpected = (fault: string): boolean => !fault.includes('/auth/me')

for (const [name, path] of Object.entries(PAGES)) {
  test(`page ${name}`, async () => {
    const problems: string[] = []
    for (const viewport of [NARROW, WIDE]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const look = `${viewport.width}-${colorScheme}`
        await using context = await stage.browser.newContext({ baseURL: stage.origin, viewport, colorScheme })
        const { page, faults, quiet } = await watch(context)
        await page.goto(path)
        await quiet()
        await page.screenshot({ path: join(SHOTS, `${name}-${look}.png`) })
        const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
        problems.push(
          ...faults.filter(isUnexpected).map((fault) => `${look}: ${fault}`),
          ...violations.map(
            ({ id, nodes }) => `${look}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
          ),
        )
        if (await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth'))
          problems.push(`${look}: scrolls to the side`)
      }
    }
    assert.deepEqual(problems, [])
  })
}
