import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** What axe looks for: WCAG 2.2 AA, and good habits beyond it. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong in the page as it stands. */
export async function inaccessible(page: Page): Promise<string[]> {
  // The newer mode opens a page of its own each time, for frames of other sites, of which there are none.
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze()
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message.slice(0, 160) ?? ''}`)
        .join(' | ')}`,
  )
}
