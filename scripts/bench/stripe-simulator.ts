import { SANDBOX_MERCHANT, startStripe } from '../../sandbox/src/stripe/index.ts'

/** The simulated Stripe as a process of its own: `--charges N` within the last 29 days, no events. Says where it is, and what it holds,
 *  in a line of JSON. Works until it is ended. */
const charges = Number.parseInt(process.argv[2]!, 10)
const stripe = await startStripe({ seed: 'bench' })
stripe.control.connect(SANDBOX_MERCHANT.id)
const { totals } = stripe.control
  .on(SANDBOX_MERCHANT.id)
  .seedLedger({ charges, days: 29, eventful: false, events: false })
console.log(
  JSON.stringify({
    url: stripe.url,
    rows: totals.transactions,
    charges: totals.charges,
    payouts: totals.payouts,
  }),
)
process.once('SIGTERM', () => void stripe.close())
