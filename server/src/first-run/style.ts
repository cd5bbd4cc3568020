/** The look of the first-run page: one column on a phone, calm in light and dark. */
export const STYLE = `
:root { --paper: #fbfaf8; --card: #fff; --ink: #1c2430; --quiet: #5b6675; --line: #e3e0da; --good: #0b6b4f; --ask: #8a5a00; --bad: #b3261e; --accent: #1f6f5c }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --card: #1a2029; --ink: #e7ebf0; --quiet: #9aa6b5; --line: #2b3441; --good: #5fd3a7; --ask: #f0b95b; --bad: #ff8a80; --accent: #7fd6bd }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem }
header { padding-top: 2rem }
h1 { margin: .25rem 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem }
h3 { margin: 0 0 .35rem; font-size: .8rem; text-transform: uppercase; letter-spacing: .06em; color: var(--quiet) }
p { margin: .25rem 0 }
a { color: var(--accent) }
.onwards { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-top: 1rem }
.button { display: inline-block; padding: .5rem 1rem; border-radius: .5rem; background: var(--accent); color: var(--card); font-weight: 600; text-decoration: none }
.brand { font-weight: 650; color: var(--accent) }
.brand span { color: var(--quiet); font-weight: 400 }
.lead, .quiet, footer { color: var(--quiet) }
.quiet { font-size: .875rem }
footer { padding-top: 2rem; padding-bottom: 2rem; font-size: .875rem }
.state { margin-top: 1.25rem; font-weight: 600 }
.tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: .75rem; margin: .75rem 0 0 }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .75rem .9rem }
.tile dt { font-size: .85rem; color: var(--quiet) }
.tile dd:not(.note) { margin: 0; font-size: 1.8rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25 }
.tile .note { margin: .25rem 0; font-size: .8rem; color: var(--quiet); line-height: 1.3 }
.tile.good dd:not(.note), .good { color: var(--good) }
.tile.ask dd:not(.note) { color: var(--ask) }
.tile.bad dd:not(.note), .bad { color: var(--bad) }
.count { color: var(--ask) }
.way { list-style: none; margin: .75rem 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .75rem }
.way > li { background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--accent); border-radius: .6rem; padding: .75rem .9rem; min-width: 0; overflow-wrap: anywhere }
.money { font-weight: 650; font-variant-numeric: tabular-nums; white-space: nowrap }
q { quotes: "“" "”" }
code, pre { font: .82rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere }
ul { margin: .25rem 0; padding-left: 1.1rem }
.reasons { list-style: none; padding: 0 }
.reasons li { display: flex; justify-content: space-between; gap: .75rem; font-size: .9rem }
.way .reasons li { margin: 0 0 .3rem }
.weight { color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap }
.doubt { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin: .5rem 0 }
.doubt summary { cursor: pointer; padding: .7rem .9rem; display: grid; grid-template-columns: 7.5rem minmax(0, 1fr) minmax(0, 18rem); gap: .25rem 1rem; align-items: baseline; border-radius: .6rem }
.doubt summary:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.doubt .money { text-align: right }
.doubt .what { overflow-wrap: anywhere }
.guess { font-size: .875rem; color: var(--ask); overflow-wrap: anywhere }
.inside { border-top: 1px solid var(--line); padding: .9rem; display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
.wide { grid-column: 1 / -1 }
.inside pre { grid-column: 1 / -1; margin: 0; padding: .75rem; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; white-space: pre-wrap }
.scroll { overflow: auto; max-height: 24rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card) }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: left; padding: .4rem .75rem; border-bottom: 1px solid var(--line); white-space: nowrap }
tfoot td { font-weight: 650; border-bottom: 0 }
thead th { position: sticky; top: 0; background: var(--card); color: var(--quiet); font-weight: 500 }
.num { text-align: right; font-variant-numeric: tabular-nums }
@media (min-width: 64rem) { .way { grid-template-columns: 1fr 1.6fr 1fr 1fr 1fr } }
@media (max-width: 46rem) {
  .tiles { grid-template-columns: 1fr 1fr }
  .doubt summary { grid-template-columns: 1fr }
  .doubt .money { text-align: left }
  .inside { grid-template-columns: 1fr }
  th, td { padding: .4rem .5rem }
}
`
