import { setTimeout as sleep } from 'node:timers/promises'
import type { TenantId } from '../base/ids.ts'
import { formatAmount } from '../base/money.ts'
import type { Payymo } from '../main.ts'
import { type Overview, overview } from './overview.ts'
import { sayPayout } from './payout-story.ts'
import { countMonth, type Figures, isMatchingAhead, type Story } from './queries.ts'
import { connectSandbox } from './set-up.ts'
import type { Simulators } from './simulators.ts'

const LOOK_MS = 250
/** Figures that stand still this long, with nothing under way, are final. */
const STILL_MS = 1_500
/** The same while another look at the lines is due: on a slow machine it rests first, and rarely finds anything. */
const STILL_MATCHING_MS = 10_000
const DEADLINE_MS = 120_000

/** Where the lines of the first start go; `progress` overwrites itself on a terminal and is nothing in a pipe. */
export interface Teller {
  line(text: string): void
  progress(text: string): void
  /** Nobody reads it. */
  silent?: true
}

/** Lets the sandbox month happen and tells it, line by line, as it happens. Resolves when everything that can happen without a
 *  person has happened (or after two minutes, saying so). */
export async function runFirstMonth(
  payymo: Payymo,
  tenantId: TenantId,
  simulators: Simulators,
  tell: Teller,
  stopping: () => boolean = () => false,
): Promise<Overview> {
  await connectSandbox(payymo, tenantId, simulators)
  const said = new Set<string>()
  const once = (name: string, text: string) => {
    if (said.has(name)) return
    said.add(name)
    tell.line(`  ✓ ${text}`)
  }
  const startedAt = performance.now()
  let before = ''
  let stillSince = performance.now()
  for (;;) {
    const state = await payymo.store.read(tenantId, async (tx) => ({
      figures: await countMonth(tx),
      matching: await isMatchingAhead(tx),
      synced: await tx.first<object>("select id from bank_syncs where tenant_id = $1 and status = 'done' limit 1", [
        tx.tenantUuid,
      ]),
      mirrored: await tx.first<object>(
        'select id from whmcs_instances where tenant_id = $1 and mirrored_at is not null limit 1',
        [tx.tenantUuid],
      ),
      cardsRead: await tx.first<object>(
        'select id from stripe_connections where tenant_id = $1 and last_sync_at is not null limit 1',
        [tx.tenantUuid],
      ),
    }))
    const { figures } = state
    once('stripe', 'Stripe connected, as a customer does: by OAuth')
    once('bank', `bank connected: ${simulators.facts.company.bank}, consent given`)
    if (state.synced) once('lines', `a month fetched: ${figures.linesRead} lines, ${figures.paymentsIn} payments in`)
    if (state.mirrored) once('invoices', `invoices mirrored from WHMCS: ${figures.invoicesMirrored}`)
    if (state.cardsRead) once('cards', `Stripe read: ${figures.cardPayments} card payments, ${figures.payouts} payouts`)
    tell.progress(`  … ${figures.booked} booked, ${figures.underWay} under way, ${figures.waiting} waiting for you`)
    const now = JSON.stringify(figures)
    if (now !== before) stillSince = performance.now()
    before = now
    const still = performance.now() - stillSince >= (state.matching ? STILL_MATCHING_MS : STILL_MS)
    const read = state.synced && state.mirrored && state.cardsRead
    if (read && figures.underWay === 0 && still && figures.booked + figures.waiting > 0) break
    if (stopping()) {
      tell.line('  Cut short; the next start goes on.')
      break
    }
    if (performance.now() - startedAt > DEADLINE_MS) {
      tell.line('  The month is not done yet; it goes on by itself. The page shows how far it is.')
      break
    }
    await sleep(LOOK_MS)
  }
  tell.progress('')
  const seen = await overview(payymo.store, tenantId, simulators, true)
  tellFigures(seen.figures, seen, tell)
  return seen
}

function tellFigures(figures: Figures, seen: Overview, tell: Teller): void {
  const row = (name: string, value: number | string, note = '') =>
    tell.line(`    ${name.padEnd(24)}${String(value).padStart(6)}  ${note}`.trimEnd())
  tell.line('')
  row('lines read', figures.linesRead)
  row('payments in', figures.paymentsIn)
  row('invoices mirrored', figures.invoicesMirrored)
  row('booked in WHMCS', figures.booked, 'without a person')
  row('waiting for you', figures.waiting, 'not sure enough to book')
  row('no invoice', figures.noInvoice, 'own transfers, paid twice')
  row('booked by hand before', figures.bookedByHand, 'recognised, never sent again')
  row(
    'card payments',
    figures.cardPayments,
    `from Stripe: ${figures.cardsRecorded} in WHMCS already, ${figures.cardsReturned} went back`,
  )
  row('missing in WHMCS', figures.cardsWaiting, 'card payments the gateway did not record; they wait for you')
  row(
    'payouts explained',
    `${figures.payoutsExplained}/${figures.payouts}`,
    `to the cent; ${figures.payoutsFound} on the bank account so far`,
  )
  row(
    'booked twice',
    seen.ledger.bookedTwice === 0 ? 'none' : seen.ledger.bookedTwice,
    `checked in WHMCS's own ledger: ${seen.ledger.theirs} payments, difference ${seen.ledger.differences}`,
  )
  tell.line('')
  if (seen.sure) tell.line(`  Sure:     ${oneLine(seen.sure)}`)
  if (seen.payout)
    tell.line(`  Payout:   ${sayPayout(seen.payout)}; one line on the bank account on ${seen.payout.bankDay}.`)
  const doubtful = seen.doubtful[0]
  if (doubtful) tell.line(`  Doubtful: ${oneLine(doubtful)}`)
}

function oneLine(story: Story): string {
  const invoices = story.allocations.map((part) => part.number).join(' + ')
  const why =
    story.withheld[0]?.text ??
    story.reasons
      .map((reason) => reason.text)
      .slice(0, 2)
      .join('; ')
  return `${formatAmount(story.amountMinor, story.currency)} ${story.currency} “${story.text.replaceAll(/\s+/g, ' ').slice(0, 60)}” from ${story.payer} → ${invoices}. ${why}`
}
