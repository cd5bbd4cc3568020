import { formatAmount } from '../base/money.ts'
import { html, type Html } from './html.ts'
import type { Overview } from './overview.ts'
import { type PayoutStory, sayPayout } from './payout-story.ts'
import type { Story } from './queries.ts'
import { STYLE } from './style.ts'

/** The page of the sandbox month: what happened, how one payment went, what waits for a person, and both ledgers. */
export function renderPage(
  facts: { company: string; bank: string; version: string; origin: string; nonce: string },
  seen: Overview,
): string {
  return `<!doctype html>${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Payymo — ${facts.company}</title>
<style nonce="${facts.nonce}">${trusted(STYLE)}</style>
</head>
<body>
<header>
  <p class="brand">Payymo <span>${facts.version}</span></p>
  <h1>${facts.company}</h1>
  <p class="lead">A sandbox company. Its bank, ${facts.bank}, its Stripe and its WHMCS are simulators on this machine: no real money moves.</p>
  <p class="onwards"><a class="button" href="/">Open the dashboard</a> <span class="quiet">The first time by the link in the terminal, “Come in”: you choose a password there.</span></p>
</header>
${renderMain(facts, seen)}
<footer><p>This page shows the sandbox only, to this machine only. <a href="/api/docs">The API, to read and to try</a></p></footer>
<script nonce="${facts.nonce}">${trusted(REFRESH)}</script>
</body>
</html>`.text
  }`
}

/** The part that refreshes itself. */
export function renderMain(facts: { origin: string }, seen: Overview): Html {
  const { figures, ledger } = seen
  const tiles: [string, number | string, string, (string | undefined)?][] = [
    ['Lines read', figures.linesRead, 'from the bank'],
    ['Payments in', figures.paymentsIn, 'booked money that came in'],
    ['Invoices mirrored', figures.invoicesMirrored, 'from WHMCS'],
    [
      'Booked in WHMCS',
      figures.booked,
      figures.underWay > 0 ? `${figures.underWay} under way` : 'payments, without a person',
      'good',
    ],
    ['Waiting for you', figures.waiting, 'not sure enough to book', 'ask'],
    ['No invoice', figures.noInvoice, 'own transfers, paid twice …'],
    ['Booked by hand before', figures.bookedByHand, 'recognised, never sent again'],
    [
      'Card payments',
      figures.cardPayments,
      `${figures.cardsRecorded} in WHMCS already, ${figures.cardsWaiting} missing there, ${figures.cardsReturned} went back`,
    ],
    [
      'Payouts explained',
      figures.payoutsExplained,
      `of ${figures.payouts}, to the cent; ${figures.payoutsFound} at the bank so far`,
      figures.payoutsExplained > 0 && figures.payoutsExplained === figures.payouts ? 'good' : undefined,
    ],
    ['Booked twice', ledger.bookedTwice, 'counted in WHMCS itself', ledger.bookedTwice === 0 ? 'good' : 'bad'],
  ]
  return html`<main data-settled="${seen.settled}">
<p class="state" role="status">${seen.settled ? 'The month is done.' : 'Working on the month …'}</p>
<dl class="tiles" aria-label="The month in figures">${tiles.map(
    ([name, value, note, tone]) =>
      html`<div class="tile ${tone}"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`,
  )}</dl>
${seen.sure && renderWay(seen.sure, seen)}
${seen.payout && renderPayout(seen.payout)}
<section>
  <h2>Waiting for you <span class="count">${figures.waiting}</span></h2>
  <p>Payymo asks rather than guesses. Each line says why, and the call that approves it.</p>
  ${seen.doubtful.length === 0 ? html`<p class="quiet">Nothing so far.</p>` : seen.doubtful.map((story) => renderDoubt(story, facts.origin))}
</section>
<section>
  <h2>Both ledgers, side by side</h2>
  <p>${ledger.ours} payments in our book, ${ledger.theirs} in WHMCS's own. <strong class="${ledger.differences === 0 ? 'good' : 'bad'}">Difference: ${ledger.differences}</strong></p>
  <div class="scroll" tabindex="0" role="region" aria-label="Ledger"><table>
    <thead><tr><th>Invoice</th><th>Transaction ID in WHMCS</th><th class="num">Payymo</th><th class="num">WHMCS</th><th>Same</th></tr></thead>
    <tbody>${ledger.rows.map(
      (row) =>
        html`<tr><td>${row.number}</td><td><code>${row.transid}</code></td><td class="num">${row.ours ?? '–'}</td><td class="num">${row.theirs ?? '–'}</td><td class="${row.same ? 'good' : 'bad'}">${row.same ? 'same' : 'differs'}</td></tr>`,
    )}</tbody>
  </table></div>
</section>
</main>`
}

/** How one payment went, from the bank's text to the signed event. */
function renderWay(story: Story, seen: Overview): Html {
  const invoices = story.allocations.map((part) => part.number).join(', ')
  const { event } = seen
  return html`<section>
  <h2>The way of one payment</h2>
  <ol class="way">
    <li><h3>Bank</h3><p class="money">${formatAmount(story.amountMinor, story.currency)} ${story.currency}</p><p><q>${story.text}</q></p><p class="quiet">${story.payer}, ${story.day}</p></li>
    <li><h3>Evidence</h3>${renderReasons(story)}<p class="quiet">Sure by ${percent(story.confidence)}</p></li>
    <li><h3>WHMCS call</h3><p><code>AddInvoicePayment</code> on ${invoices}</p><p class="quiet">Looked up before, sent once, read back after</p></li>
    <li><h3>Transaction ID</h3><p><code>${story.transid}</code></p><p class="quiet">The same after a crash or a restore</p></li>
    <li><h3>Signed event</h3>${
      event
        ? html`<p><code>${event.type}</code></p><p class="${event.verified === true ? 'good' : 'quiet'}">${
            event.verified === true
              ? 'Received, signature checked'
              : event.verified === false
                ? 'Received, signature wrong'
                : event.delivered
                  ? 'Delivered'
                  : 'On its way'
          }</p>${event.signature === null ? '' : html`<p class="quiet"><code>${event.signature}</code></p>`}`
        : html`<p class="quiet">On its way</p>`
    }</li>
  </ol>
</section>`
}

/** What one line of the bank is made of. */
function renderPayout(payout: PayoutStory): Html {
  const { currency } = payout
  const money = (minor: bigint): string => formatAmount(minor, currency)
  return html`<section>
  <h2>One payout of Stripe, to the cent</h2>
  <p><strong>${sayPayout(payout)}</strong></p>
  <p class="quiet">On the bank account on ${payout.bankDay}: <q>${payout.bankText}</q>. It pays no invoice by itself: its payments do.</p>
  <div class="scroll" tabindex="0" role="region" aria-label="What the payout is made of"><table>
    <thead><tr><th>What</th><th>Invoice</th><th>Text at Stripe</th><th class="num">Amount</th><th class="num">Fee</th><th class="num">Net</th></tr></thead>
    <tbody>${payout.rows.map(
      (row) =>
        html`<tr><td>${row.category}</td><td>${row.number ?? (row.waits ? 'waits for you' : '–')}</td><td>${row.description}</td><td class="num">${money(row.amountMinor)}</td><td class="num">${money(row.feeMinor)}</td><td class="num">${money(row.netMinor)}</td></tr>`,
    )}</tbody>
    <tfoot><tr><td colspan="3">Sum, and what came to the bank</td><td class="num">${money(payout.itemsTotalMinor)}</td><td class="num">${money(payout.feesTotalMinor)}</td><td class="num">${money(payout.amountMinor)}</td></tr></tfoot>
  </table></div>
</section>`
}

function renderDoubt(story: Story, origin: string): Html {
  const parts = story.allocations.map((part) => `${part.number} (${part.client})`).join(' + ')
  const call = `curl -X PATCH ${origin}/api/v1/invoice-matches/${story.matchId} \\\n  -H "Authorization: Bearer $PAYYMO_KEY" \\\n  -H "Content-Type: application/json" -d '{"status":"approved"}'`
  return html`<details class="doubt">
  <summary><span class="money">${formatAmount(story.amountMinor, story.currency)} ${story.currency}</span><span class="what"><q>${story.text}</q> <span class="quiet">${story.payer}, ${story.day}</span></span><span class="guess">${parts} · ${percent(story.confidence)}</span></summary>
  <div class="inside">
    <div><h3>Why this invoice</h3>${renderReasons(story)}</div>
    <div><h3>Why it waits</h3><ul>${
      story.withheld.length === 0
        ? html`<li>The evidence is below what automatic booking asks for.</li>`
        : story.withheld.map((reason) => html`<li>${reason.text}</li>`)
    }</ul></div>
    <pre>${call}</pre>
    <p class="wide"><a href="/review?item=${story.transactionId}">Decide it in the dashboard</a></p>
  </div>
</details>`
}

const renderReasons = (story: Story): Html =>
  html`<ul class="reasons">${story.reasons.slice(0, 6).map((reason) => html`<li>${reason.text} <span class="weight">${signed(reason.weight)}</span></li>`)}</ul>`

const signed = (weight: number): string => `${weight >= 0 ? '+' : '−'}${Math.abs(weight).toFixed(1)}`
const percent = (confidence: string): string =>
  `${(Number(confidence) * 100).toFixed(confidence.startsWith('0.99') ? 2 : 0)} %`

const trusted = (text: string): Html => html([text] as unknown as TemplateStringsArray)

/** Fetches the page anew and exchanges its middle; what a person has opened stays open. */
const REFRESH = `
const refresh = async () => {
  const main = document.querySelector('main')
  try {
    const answer = await fetch('?part=main', { cache: 'no-store' })
    if (answer.ok) {
      const open = new Set([...document.querySelectorAll('details[open] pre')].map((one) => one.textContent))
      const holder = document.createElement('template')
      holder.innerHTML = await answer.text()
      for (const one of holder.content.querySelectorAll('details')) if (open.has(one.querySelector('pre').textContent)) one.open = true
      if (!document.activeElement || !main.contains(document.activeElement)) main.replaceWith(holder.content)
    }
  } catch {}
  setTimeout(refresh, document.querySelector('main').dataset.settled === 'true' ? 5000 : 1000)
}
setTimeout(refresh, 1000)
`
