/** Colours of the tenant that people can read: the brand's as the ground of the button, and the ink that stands out on it. */
export function brandInk(color: string): '#ffffff' | '#12161c' {
  const [red, green, blue] = [1, 3, 5].map((at) => channel(Number.parseInt(color.slice(at, at + 2), 16) / 255))
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  // WCAG 2: white has 1.05 against it, the dark ink about 0.058.
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.058 ? '#ffffff' : '#12161c'
}

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** `color` is `#rrggbb`; anything else is ours. Colours, sizes and shapes are those of the dashboard (web/src/design/theme.css), so
 *  that a mail leads to a page of the same house. */
export function styleOf(color: string | null): string {
  const own = color !== null && /^#[0-9a-fA-F]{6}$/.test(color)
  const brand = own ? color : '#1f6f5c'
  // Ours is a little lighter by night, as in the dashboard.
  const byNight = own ? '' : '; --brand: #237a64'
  return `
:root { color-scheme: light dark; --page: #f7f7f5; --surface: #fff; --sunken: #f1f1ee; --line: #e4e4df; --line-strong: #cfcfc8; --text: #1a1c1e; --soft: #565a60; --bad: #b42318; --bad-soft: #fdeae8; --focus: #1d5fa8; --shadow: 0 1px 2px rgb(20 22 26 / .06), 0 8px 24px -12px rgb(20 22 26 / .18); --brand: ${brand}; --on: ${brandInk(brand)} }
@media (prefers-color-scheme: dark) { :root { --page: #101214; --surface: #17191c; --sunken: #1f2226; --line: #2a2e33; --line-strong: #3b4047; --text: #eceef0; --soft: #b3b8bf; --bad: #ff8a80; --bad-soft: #3a1916; --focus: #7db7f5; --shadow: 0 1px 2px rgb(0 0 0 / .4), 0 12px 32px -12px rgb(0 0 0 / .6)${byNight} } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; min-height: 100vh; min-height: 100dvh; display: grid; align-content: center; justify-items: center; background: var(--page); color: var(--text); font: .875rem/1.5 Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; -webkit-font-smoothing: antialiased }
main { width: 100%; max-width: 24rem; background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; box-shadow: var(--shadow); padding: 1.5rem; overflow-wrap: anywhere }
@media (min-width: 40rem) { main { padding: 2rem } }
.name { display: flex; align-items: center; gap: .75rem; margin: 0 0 1.25rem; font-size: 1rem; font-weight: 600 }
.mark { flex: none; width: 2rem; height: 2rem; border-radius: .55rem; background: var(--brand); color: var(--on) }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; font-weight: 600; line-height: 1.3; letter-spacing: -.01em }
h2 { margin: 1.5rem 0 .25rem; font-size: .875rem; font-weight: 600 }
p { margin: .5rem 0 }
.quiet { color: var(--soft) }
.bad { margin: 1rem 0; padding: .5rem .75rem; border-radius: .5rem; background: var(--bad-soft); color: var(--bad) }
ul { margin: .5rem 0 1rem; padding-left: 1.25rem }
li { margin: .25rem 0 }
label, legend { display: block; margin-top: 1rem; font-size: .8125rem; font-weight: 500 }
legend { padding: 0 }
fieldset { border: 0; margin: 0; padding: 0 }
fieldset label { display: flex; gap: .625rem; align-items: center; margin-top: .5rem; padding: .625rem .75rem; border: 1px solid var(--line); border-radius: .5rem; font-size: .875rem; font-weight: 400; cursor: pointer }
fieldset label:has(:checked) { background: var(--sunken) }
input[type=radio] { flex: none; width: 1rem; height: 1rem; margin: 0; accent-color: var(--brand) }
input:not([type=radio], .unseen) { width: 100%; min-height: 2.5rem; margin-top: .375rem; padding: .25rem .75rem; font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: .5rem }
input + .quiet { margin-top: .375rem; font-size: .8125rem }
.acts { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1.25rem }
button, .button { flex: 1 1 9rem; display: inline-flex; align-items: center; justify-content: center; min-height: 2.5rem; padding: .375rem .75rem; font: inherit; font-weight: 500; text-align: center; text-decoration: none; border-radius: .5rem; border: 1px solid transparent; background: var(--brand); color: var(--on); cursor: pointer }
button:hover, .button:hover { filter: brightness(1.1) }
button.plain { background: var(--surface); color: var(--text); border-color: var(--line-strong) }
button.plain:hover { background: var(--sunken); filter: none }
.unseen { position: absolute; clip-path: inset(50%); overflow: hidden }
a:not(.button) { color: inherit; text-underline-offset: 4px }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px }
input:focus-visible, button:focus-visible, .button:focus-visible { border-radius: .5rem }
`
}

/** Our mark, in the colour of the tenant; who has a name of his own shows that alone. */
export const MARK =
  '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M8 17.5l5 5L24 10" fill="none" stroke="currentColor" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/></svg>'
