import type { Page } from 'playwright-core'

const PRESSES_MAX = 400

/** Everything that can be used by a pointer, before the first press. Of the buttons of one choice, the keyboard reaches one; what
 *  stands behind a window is not reached while it is open. */
const FIND = `(() => {
  const scope = document.querySelector('dialog[open]') ?? document
  const seen = new Set()
  window.__seen = seen
  window.__wanted = [...scope.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((each) => {
    if (each.tabIndex < 0 || each.disabled || each.closest('[inert]')) return false
    if (each.type === 'radio' && !each.checked && document.querySelector('input[type=radio][name="' + CSS.escape(each.name) + '"]:checked')) return false
    return each.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && each.getClientRects().length > 0
  })
  window.__last = undefined
  // From the top, wherever the focus was before: an endless list has no end to begin anew after.
  document.body.tabIndex = -1
  document.body.focus()
  document.body.blur()
  document.body.removeAttribute('tabindex')
  return window.__wanted.length
})()`

/** What has the focus now: whether it is new, and whether one sees that it has it. */
const LOOK = `(() => {
  const now = document.activeElement
  if (!now || now === document.body) return 'out'
  // Day, month and year of a date are three stops in one place.
  if (window.__last === now) return 'same'
  window.__last = now
  if (window.__seen.has(now)) return 'again'
  window.__seen.add(now)
  const isMarked = (each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each)
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none'
  }
  const label = now.closest('label')
  const shown = isMarked(now) || (label !== null && isMarked(label))
  return shown ? 'new' : 'hidden ' + now.outerHTML.slice(0, 140)
})()`

const LEFT = `window.__wanted
  .filter((each) => each.isConnected && !window.__seen.has(each))
  .map((each) => each.outerHTML.slice(0, 140))`

/** Presses Tab through the whole page. Returns what was not reached and what does not show that it has the focus. */
export async function tabThrough(page: Page): Promise<string[]> {
  const count = await page.evaluate<number>(FIND)
  const problems: string[] = []
  let outs = 0
  for (let presses = 0; presses < Math.min(PRESSES_MAX, count * 2 + 20); presses += 1) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate<string>(LOOK)
    if (found === 'out') outs += 1
    if (found === 'again' || outs > 1) break
    if (found.startsWith('hidden')) problems.push(`focus is not seen: ${found}`)
  }
  const left = await page.evaluate<string[]>(LEFT)
  await page.evaluate('document.activeElement?.blur()')
  return [...problems.slice(0, 3), ...left.slice(0, 3).map((html) => `Tab does not reach ${html}`)]
}
