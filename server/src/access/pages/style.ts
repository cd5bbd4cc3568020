/** Colours of the tenant that people can read: the brand's as the ground of the button, and the ink that stands out on it. */
export function brandInk(color: string): '#ffffff' | '#12161c' {
  const [red, green, blue] = [1, 3, 5].map((at) => channel(Number.parseInt(color.slice(at, at + 2), 16) / 255))
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  // WCAG 2: white has 1.05 against it, the dark ink about 0.058.
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.058 ? '#ffffff' : '#12161c'
}

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** `color` is `#rrggbb`; anything else is ours. */
export function styleOf(color: string | null): string {
  const brand = color !== null && /^#[0-9a-fA-F]{6}$/.test(color) ? color : '#1f4e8c'
  return `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #5b6675; --line: #d9d5cd; --edge: #857f74; --paper: #f6f4f0; --card: #fff; --bad: #b3261e; --link: #1f4e8c; --brand: ${brand}; --on: ${brandInk(brand)} }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --quiet: #a3aebc; --line: #2b3441; --edge: #6b7787; --paper: #12161c; --card: #1a2029; --bad: #ff8a80; --link: #8db8f2 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; min-height: 100vh; display: grid; align-content: start; justify-items: center; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
.name { margin: 0 0 1rem; font-weight: 650; overflow-wrap: anywhere }
main { width: 100%; max-width: 27rem; background: var(--card); border: 1px solid var(--line); border-top: .3rem solid var(--brand); border-radius: .7rem; padding: 1.5rem; overflow-wrap: anywhere }
h1 { margin: 0 0 .25rem; font-size: 1.35rem; line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 1.25rem 0 .25rem; font-size: 1rem; line-height: 1.3 }
p { margin: .5rem 0 }
.quiet { color: var(--quiet); font-size: .9rem }
.bad { color: var(--bad); font-weight: 600 }
ul { margin: .5rem 0 1rem; padding-left: 1.25rem }
li { margin: .2rem 0 }
label, legend { display: block; margin-top: 1rem; font-weight: 600 }
legend { padding: 0 }
fieldset { border: 0; margin: 0; padding: 0 }
fieldset label { display: flex; gap: .6rem; align-items: center; margin-top: .5rem; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: .5rem; font-weight: 400; cursor: pointer }
input:not([type=radio], .unseen) { width: 100%; margin-top: .25rem; padding: .65rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem }
.acts { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
button { flex: 1 1 9rem; min-height: 2.75rem; padding: .6rem 1rem; font: inherit; font-weight: 600; border-radius: .5rem; border: 1px solid var(--brand); background: var(--brand); color: var(--on); cursor: pointer }
button.plain { background: transparent; color: var(--ink); border-color: var(--edge) }
.unseen { position: absolute; clip-path: inset(50%); overflow: hidden }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
`
}
