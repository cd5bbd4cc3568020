import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/run.ts'
import { createTestApp, type TestApp, type TestTenant } from './setup/app.ts'
import { makeAccount } from './setup/factories.ts'

/** The PHP module itself, in a stand-in of WHMCS, against this server over a socket. `npm run module:check` runs it, on sqlite and on
 *  MariaDB; elsewhere it is skipped, since nothing else here needs PHP. */
const asked = process.env.PAYYMO_MODULE_CHECK !== undefined
const run = promisify(execFile)
const SOME_MS = 120_000

/** Why it cannot run here, or undefined. */
function missing(): string | undefined {
  if (!asked) return 'needs PHP, run by npm run module:check'
  const probe =
    'exit(extension_loaded("pdo_sqlite") && extension_loaded("curl") && (@include "Illuminate/Database/autoload.php") ? 0 : 1);'
  return spawnSync('php', ['-r', probe]).status === 0
    ? undefined
    : 'PHP with sqlite, curl and php-illuminate-database is not installed'
}
const reason = missing()

interface Seen {
  result: { ok: boolean; reason: string; pushed: number; booked: number } | number | null
  invoices: { id: number; status: string }[]
  accounts: { invoiceid: number; transid: string; amountin: string; amountout: string }[]
  credits: string[]
}

let app: TestApp
let folder: string
let port = 0
let tenant: TestTenant
let instance: { id: string; url: string }
let installations = 0

/** One command of the module's side (`whmcs-module/tests/support/drive.php`). */
async function whmcs(args: (string | number)[], environment: Record<string, string> = {}): Promise<Seen> {
  const drive = join(root, 'whmcs-module/tests/support/drive.php')
  const words = ['-d', 'display_errors=stderr', drive, join(folder, 'whmcs.sqlite'), ...args.map(String)]
  const { stdout } = await run('php', words, { env: { ...process.env, ...environment } })
  return JSON.parse(stdout) as Seen
}

const sync = () => whmcs(['sync'])

/** A fresh WHMCS at an address of its own, and its pairing code. */
async function offered(): Promise<string> {
  tenant = await app.tenant()
  const url = `https://my.northbyte.example/billing-${(installations += 1)}`
  const { body } = await tenant.call('POST', '/whmcs-instances', { system_url: url, mode: 'module' })
  instance = { id: body.id, url }
  return body.pairing_code
}

/** Paired, proven, and told of an open invoice over 100.00: its id here and there. */
async function connected(): Promise<{ invoice: string; number: number }> {
  await whmcs(['pair', await offered(), instance.url])
  await app.store.read(tenant.id, (tx) =>
    tx.run("update whmcs_instances set verified_at = now(), verified_by = 'dns' where tenant_id = $1", [tx.tenantUuid]),
  )
  await whmcs(['invoice', '100.00'])
  const { result, invoices } = await sync()
  expect(result).toMatchObject({ ok: true, booked: 0 })
  return { invoice: (await tenant.call('GET', '/invoices')).body.data[0].id, number: invoices[0]!.id }
}

/** Money from the bank that a person gives to an invoice: the match. */
async function matched(invoiceId: string, amount: string): Promise<string> {
  const account = await makeAccount(app, tenant, { currency: 'EUR' })
  const line = { account_id: account, amount, currency: 'EUR', transaction_date: '2026-11-01' }
  const { body: money } = await tenant.call('POST', '/transactions', line)
  const wanted = { transaction_id: money.id, invoice_id: invoiceId, amount }
  return (await tenant.call('POST', '/invoice-matches', wanted)).body.id
}

const statusOf = async (matchId: string): Promise<string> =>
  (await tenant.call('GET', `/invoice-matches/${matchId}`)).body.status

describe.skipIf(reason !== undefined)(`the PHP module against this server${reason ? ` (${reason})` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'payymo-php-'))
    app = await createTestApp({ workers: true, build: { publicUrl: () => `http://127.0.0.1:${port}` } })
    await app.http.listen({ port: 0, host: '127.0.0.1' })
    port = (app.http.server.address() as { port: number }).port
  })
  afterAll(async () => {
    await app.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it(
    'pairs once, and only at the address that was named',
    async () => {
      const code = await offered()
      expect((await whmcs(['pair', code, 'https://other.example'])).result).toMatchObject({ reason: 'conflict' })
      expect((await whmcs(['pair', code, instance.url])).result).toBeNull()
      expect((await whmcs(['pair', code, instance.url])).result).toMatchObject({ ok: false, reason: 'refused' })
      const { body } = await tenant.call('POST', `/whmcs-instances/${instance.id}/pairing-code`)
      expect((await whmcs(['pair', body.pairing_code, instance.url])).result).toBeNull()
    },
    SOME_MS,
  )

  it(
    'is given nothing to book while its address is not proven',
    async () => {
      await whmcs(['pair', await offered(), instance.url])
      await whmcs(['invoice', '100.00'])
      const { result, invoices } = await sync()
      expect(result).toMatchObject({ ok: true, booked: 0 })
      const { body } = await tenant.call('GET', '/invoices')
      expect(body.data).toMatchObject([
        {
          external_id: String(invoices[0]!.id),
          status: 'unpaid',
          balance: 100,
          client: { name: "Sean O'Neil", company: 'Smith & Sons' },
        },
      ])
    },
    SOME_MS,
  )

  it(
    'books once, in two runs at once and in the next',
    async () => {
      const { invoice } = await connected()
      const match = await matched(invoice, '100.00')
      await Promise.all([sync(), sync()])
      const seen = await sync()
      expect(seen.invoices).toMatchObject([{ status: 'Paid' }])
      expect(seen.accounts).toMatchObject([{ amountin: '100.00', amountout: '0.00' }])
      expect(seen.credits).toEqual([])
      expect(await statusOf(match)).toBe('applied')
      expect((await tenant.call('GET', `/invoices/${invoice}`)).body).toMatchObject({ status: 'paid', balance: 0 })
    },
    SOME_MS,
  )

  it.each(['before', 'after'])(
    'books once when it is killed %s the money is in the books',
    async (point) => {
      const { invoice } = await connected()
      const match = await matched(invoice, '60.00')
      await expect(whmcs(['sync'], { PAYYMO_DIE: point })).rejects.toMatchObject({ signal: 'SIGKILL' })
      // Its lease, and the time a send may take, go by; so does that of the run that died.
      await app.store.read(tenant.id, (tx) =>
        tx.run('update payments set lease_until = now(), next_attempt_at = now() where tenant_id = $1', [
          tx.tenantUuid,
        ]),
      )
      await whmcs(['age', 900])
      const seen = await sync()
      expect(seen.result).toMatchObject({ ok: true, booked: 1 })
      expect(seen.accounts).toMatchObject([{ amountin: '60.00' }])
      expect(await statusOf(match)).toBe('applied')
    },
    SOME_MS,
  )

  it(
    'reports what cannot be booked, and why',
    async () => {
      const { invoice, number } = await connected()
      const match = await matched(invoice, '100.00')
      await whmcs(['cancel', number])
      const seen = await sync()
      expect([seen.accounts, await statusOf(match)]).toEqual([[], 'failed'])
      const { body } = await tenant.call('GET', `/payments?match_id=${match}`)
      expect(body.data).toMatchObject([{ state: 'refused', reason: expect.stringMatching(/cancelled/i) }])
    },
    SOME_MS,
  )

  it(
    'takes back, once, and the invoice is open again',
    async () => {
      const { invoice } = await connected()
      const match = await matched(invoice, '100.00')
      await sync()
      await tenant.call('PATCH', `/invoice-matches/${match}`, { status: 'reversed' })
      await sync()
      const seen = await sync()
      expect(seen.invoices).toMatchObject([{ status: 'Unpaid' }])
      expect(seen.accounts).toMatchObject([{ amountin: '100.00' }, { amountout: '100.00' }])
      expect(seen.accounts).toHaveLength(2)
      expect(await statusOf(match)).toBe('reversed')
      expect((await tenant.call('GET', `/invoices/${invoice}`)).body).toMatchObject({ status: 'unpaid', balance: 100 })
    },
    SOME_MS,
  )

  it(
    'hints: what no hook told is asked for, and a hint that is not signed moves nothing',
    async () => {
      const { invoice, number } = await connected()
      await whmcs(['card', number, '100.00'])
      const paid = async () => (await tenant.call('GET', `/invoices/${invoice}`)).body.status
      expect((await sync()).result).toMatchObject({ ok: true, pushed: 0 })
      expect(await paid()).toBe('unpaid')
      expect((await whmcs(['hint', 'invoice.paid', number, 'event-1', 'whsec_of_somebody_else'])).result).toBe(400)
      expect((await whmcs(['hint', 'invoice.paid', number, 'event-1'])).result).toBe(204)
      expect((await whmcs(['hint', 'invoice.paid', number, 'event-1'])).result).toBe(204)
      // A job follows the hint.
      await expect.poll(async () => (await sync(), paid()), { timeout: 30_000, interval: 250 }).toBe('paid')
    },
    SOME_MS,
  )
})
