import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGocardless, SANDBOX_CREDENTIALS } from './gocardless/index.ts'
import { buildMonth, merchantOf } from './month/index.ts'
import { createReceiver } from './receiver/index.ts'
import { SANDBOX_PLATFORM, startStripe } from './stripe/index.ts'
import { createWhmcs, DEFAULT_CREDENTIAL } from './whmcs/index.ts'

/** The whole sandbox as one program: bank, WHMCS, Stripe and a receiver of events, filled with one month of an invented company.
 *  What happened to them is kept in the state folder; a second start goes on. Tells its parent where they listen, and ends with it. */
interface Kept {
  edition?: number
  today: string
  seed: number
  ports: { whmcs: number; bank: number; stripe: number; receiver: number }
  receiverSecret: string
}

/** Counts the kinds of month there were. A company goes on only with the month that it began with: another would change its past. */
const EDITION = 2

const { values } = parseArgs({ options: { state: { type: 'string' } } })
const folder = values.state
if (folder === undefined) throw new Error('--state FOLDER is required')
mkdirSync(folder, { recursive: true })
const file = join(folder, 'sandbox.json')
const kept: Kept = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Kept)
  : {
      edition: EDITION,
      today: new Date().toISOString().slice(0, 10),
      seed: 20_260,
      ports: { whmcs: 0, bank: 0, stripe: 0, receiver: 0 },
      receiverSecret: '',
    }
if (kept.edition !== EDITION) {
  console.error(
    `the sandbox company in ${folder} was made by an earlier version, before it had Stripe; move its data folder away to begin a new one`,
  )
  process.exit(1)
}
const keep = () => writeFileSync(file, JSON.stringify(kept), { mode: 0o600 })

const month = buildMonth({ today: kept.today, seed: kept.seed })
const whmcs = await onPort(kept.ports.whmcs, (port) =>
  createWhmcs({
    port,
    basePath: '/billing',
    journal: join(folder, 'whmcs-journal.jsonl'),
    seed: month.whmcs,
    sync: false,
  }),
)
const bank = await onPort(kept.ports.bank, (port) =>
  createGocardless({ port, seed: month.bank, stateFile: join(folder, 'bank.json') }),
)
const stripe = await onPort(kept.ports.stripe, (port) =>
  startStripe({ port, merchants: [merchantOf(month.cards)], stateFile: join(folder, 'stripe.json') }),
)
const receiver = await onPort(kept.ports.receiver, (port) =>
  createReceiver({
    port,
    secret: kept.receiverSecret,
    onSecret: (secret) => {
      kept.receiverSecret = secret
      keep()
    },
  }),
)
const portOf = (url: string): number => Number.parseInt(new URL(url).port, 10)
kept.ports = {
  whmcs: portOf(whmcs.url),
  bank: portOf(bank.url),
  stripe: portOf(stripe.url),
  receiver: portOf(receiver.url),
}
keep()

process.send?.({
  whmcsUrl: whmcs.url,
  whmcsIdentifier: DEFAULT_CREDENTIAL.identifier,
  whmcsSecret: DEFAULT_CREDENTIAL.secret,
  bankUrl: bank.url,
  bankSecretId: SANDBOX_CREDENTIALS.secretId,
  bankSecretKey: SANDBOX_CREDENTIALS.secretKey,
  stripeUrl: stripe.url,
  stripeSecretKey: SANDBOX_PLATFORM.secretKeys.test,
  stripeClientId: SANDBOX_PLATFORM.clientIds.test,
  stripeAccount: month.cards.truth.account,
  receiverUrl: receiver.url,
  company: { name: month.company.name, bank: month.company.bank, institutionId: month.company.institutionId },
  from: month.from,
})
const end = () => process.exit(0)
process.once('disconnect', end)
// A Ctrl-C reaches the whole terminal group: the parent decides when we end, so that what is on its way can finish.
process.on('SIGINT', () => {})
process.once('SIGTERM', end)

/** On the port of last time, or on any other when somebody has taken it. */
async function onPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port)
  } catch (error) {
    if (port === 0 || (error as { code?: string }).code !== 'EADDRINUSE') throw error
    return start(0)
  }
}
