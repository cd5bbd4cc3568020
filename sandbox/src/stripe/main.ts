import { parseArgs } from 'node:util'
import { SANDBOX_MERCHANT, startStripe } from './index.ts'

/** Runs the simulator as a process of its own: `node sandbox/src/stripe/main.ts --port N --charges N --days N --redirect URI`. With
 *  `--charges` the merchant has a past in test mode. Prints one line of JSON with the URL when it listens; ends on SIGINT and SIGTERM. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    now: { type: 'string' },
    seed: { type: 'string', default: 'sandbox' },
    state: { type: 'string' },
    charges: { type: 'string' },
    days: { type: 'string', default: '90' },
    redirect: { type: 'string', multiple: true, default: [] },
  },
})
const stripe = await startStripe({
  port: Number(values.port),
  host: values.host,
  seed: values.seed,
  ...(values.now === undefined ? {} : { now: values.now }),
  ...(values.state === undefined ? {} : { stateFile: values.state }),
})
for (const redirectUri of values.redirect) stripe.control.setPlatform({ redirectUri })
if (values.charges !== undefined) {
  const options = { days: Number(values.days), charges: Number(values.charges), seed: values.seed }
  stripe.control.on(SANDBOX_MERCHANT.id).seedLedger(options)
}
console.log(JSON.stringify({ simulator: 'stripe', url: stripe.url }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stripe.close())
