import {
  createGocardless,
  type GocardlessSimulator,
  SANDBOX_CREDENTIALS,
} from '../../../sandbox/src/gocardless/index.ts'
import { systemActor } from '../../src/events/audit.ts'
import { openAlert } from '../../src/events/alerts.ts'
import type { Payymo } from '../../src/main.ts'
import { BANK, bankSeed, bankWork } from '../setup/factories-gocardless.ts'
import { makePerson } from './auth-people.ts'
import type { Company } from './company.ts'
import type { TestApp, TestTenant } from '../setup/app.ts'
import { plantStripe } from './tenancy-plant-stripe.ts'

/** Texts that must show to nobody else. */
export const CANARY = 'Canary of the other tenant'

export const startBank = (): Promise<GocardlessSimulator> => createGocardless({ seed: bankSeed() })

/** Settings of a platform whose bank data comes from this simulator. */
export const settingsOf = (bank: GocardlessSimulator): Record<string, string> => ({
  GOCARDLESS_BANK_DATA_URL: bank.url,
  GOCARDLESS_SECRET_ID: SANDBOX_CREDENTIALS.secretId,
  GOCARDLESS_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
})

/** Rows of an installation that a module reaches: table, further columns, their values. */
const OF_MODULES = [
  ['whmcs_modules', '', ''],
  ['module_requests', ', request_id', ", 'canary'"],
  ['module_events', ', event_id, event', ", 'canary', 'module.ping'"],
  ['module_wanted', ', external_id', ", 'canary'"],
] as const

/** Fills what a company of the payment suites does not have yet, so that no table of the tenant is empty. */
export async function plantMore(
  payymo: Payymo,
  victim: Company,
  bank: GocardlessSimulator,
  person = 'canary',
): Promise<void> {
  const send = async (
    method: string,
    path: string,
    options: { body?: unknown; text?: string; headers?: Record<string, string> } = {},
  ) => {
    const { body, text, headers } = options
    const answer = await payymo.http.inject({
      method: method as 'POST',
      url: /^\/(auth|oauth|callbacks)\//.test(path) ? path : `/api/v1${path}`,
      headers: {
        ...(/^\/(auth|oauth|callbacks)\//.test(path) ? {} : { authorization: `Bearer ${victim.key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? (text === undefined ? {} : { payload: text }) : { payload: JSON.stringify(body) }),
    })
    if (answer.statusCode >= 400)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body.slice(0, 300)}`)
    return answer.body.startsWith('{') ? (JSON.parse(answer.body) as Record<string, string>) : {}
  }
  // A file's account and lines, a bank's consent and lines.
  const file = await send('POST', '/bank-connections', {
    body: {
      provider: 'file',
      name: CANARY,
      account: { name: CANARY, currency: 'EUR', iban: 'DE89370400440532013000' },
    },
  })
  await send('POST', `/bank-connections/${file.id}/statements`, {
    text: `Date;Amount;Currency;Description\n2025-04-10;12.34;EUR;${CANARY}\n`,
    headers: { 'content-type': 'text/csv' },
  })
  const asked = await send('POST', '/bank-connections/initialize', {
    body: { institution_id: BANK, redirect_url: 'https://billing.example.com/connected' },
  })
  const { pathname, search } = new URL(bank.control.decide(asked.authorization_id!, 'approve').redirect_to)
  await send('GET', pathname + search)
  // No worker runs: what is compared before and after stands still.
  await send('POST', `/bank-connections/${asked.bank_connection_id}/sync`)
  const { store, vault } = payymo
  const tenant = { id: victim.tenantId } as TestTenant
  await bankWork({ store, vault } as TestApp, bank).sync(tenant, asked.bank_connection_id!, 'asked')
  // People and what acts for them.
  const house = {
    payymo,
    call: async (
      authorization: string | undefined,
      method: string,
      path: string,
      body?: string,
      headers: Record<string, string> = {},
    ) => {
      const answer = await payymo.http.inject({
        method: method as 'POST',
        url: path,
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body }),
      })
      return { status: answer.statusCode, body: answer.body, headers: answer.headers }
    },
  }
  await makePerson(house, victim.tenantId, 'owner', person)
  const application = await send('POST', '/oauth-applications', {
    body: {
      name: CANARY,
      redirect_uris: ['https://app.example.com/cb'],
      permissions: ['transactions:read'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  })
  await send('POST', '/oauth/token', {
    text: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: application.client_id!,
      client_secret: application.client_secret!,
    }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  // Settings, keys, credentials, an answer kept under a key.
  await send('PATCH', `/tenants/${victim.tenantId}`, { body: { name: CANARY } })
  await send('POST', '/api-keys', {
    body: { name: CANARY, permissions: ['transactions:read'] },
    headers: { 'idempotency-key': 'canary' },
  })
  await send('PUT', '/provider-credentials/gocardless', {
    body: { secret_id: 'public-part', secret_key: 'canary-secret' },
  })
  await payymo.store.change(victim.tenantId, systemActor('suite'), async (tx) => {
    await openAlert(tx, {
      code: 'bank_feed_failing',
      severity: 'warning',
      subject: { type: 'bank_connection', id: file.id! },
      message: CANARY,
    })
    await tx.run('insert into alert_mails (tenant_id, last_at) values ($1, now()) on conflict do nothing', [
      tx.tenantUuid,
    ])
    await tx.run('insert into event_watchers (tenant_id, watched_until) values ($1, now()) on conflict do nothing', [
      tx.tenantUuid,
    ])
    await tx.run(
      `insert into invoice_payments (tenant_id, invoice_id, external_id, amount_minor, paid_on)
       select tenant_id, id, 'canary', 1, current_date from invoices where tenant_id = $1 limit 1`,
      [tx.tenantUuid],
    )
    for (const [table, columns, values] of OF_MODULES) {
      await tx.run(
        `insert into ${table} (tenant_id, instance_id${columns}) select tenant_id, id${values} from whmcs_instances where tenant_id = $1 limit 1 on conflict do nothing`,
        [tx.tenantUuid],
      )
    }
    await tx.run(
      `insert into undos (tenant_id, id, match_id, transaction_id, invoice_id, instance_id, generation, transid, state)
       select tenant_id, id, match_id, transaction_id, invoice_id, instance_id, 2, 'PYM-CANARY', 'done'
         from payments where tenant_id = $1 limit 1`,
      [tx.tenantUuid],
    )
    await tx.run(
      `insert into forgotten_payers (tenant_id, client_id, payer_key, forgotten_at)
       select tenant_id, id, 'canary', now() from clients where tenant_id = $1 limit 1`,
      [tx.tenantUuid],
    )
    await tx.run(
      `insert into client_payers (tenant_id, client_id, n, payer_key, name, iban, says, said_at)
       select tenant_id, id, 1, 'canary', $2, 'canary', 'pays', now() from clients where tenant_id = $1 limit 1`,
      [tx.tenantUuid, CANARY],
    )
    await tx.run(
      `insert into spot_checks (tenant_id, match_id, sampled_at) select tenant_id, id, now() from matches where tenant_id = $1 limit 1`,
      [tx.tenantUuid],
    )
    await tx.run(
      `insert into import_files (tenant_id, import_id, sealed_file, actor)
       select tenant_id, id, '\\x00', '{}' from imports where tenant_id = $1 limit 1`,
      [tx.tenantUuid],
    )
    await plantStripe(tx, CANARY)
  })
}
