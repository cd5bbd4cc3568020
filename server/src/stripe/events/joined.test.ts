import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, NO_STRIPE, type TestApp } from '../../../test/setup/app.ts'
import { signed } from '../../../test/setup/factories-stripe-events.ts'
import { eventAnswer } from '../../../test/setup/stripe-answers.ts'
import { newId, uuidOf } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'

/** The program as it is joined, with nothing put in its place. */
let app: TestApp
beforeAll(async () => {
  app = await createTestApp({
    config: {
      stripe: {
        ...NO_STRIPE,
        live: { ...NO_STRIPE.live, webhookSecret: new Secret('whsec_live') },
        test: { ...NO_STRIPE.test, webhookSecret: new Secret('whsec_test') },
      },
    },
  })
})
afterAll(() => app.stop())

it.each([
  ['live', true, 'whsec_live'],
  ['sandbox', false, 'whsec_test'],
  ['sandbox', false, 'whsec_live'],
] as const)('takes the events of a %s tenant (%s) by %s', async (environment, livemode, secret) => {
  const tenant = await app.tenant({ environment })
  const id = newId('strc')
  const accountId = `acct_${id}`
  await app.store.read(tenant.id, (tx) =>
    tx.run(
      `insert into stripe_connections (tenant_id, id, kind, account_id, livemode, status, connected_at)
       values ($1, $2, 'connect_oauth', $3, $4, 'active', now())`,
      [tx.tenantUuid, uuidOf(id), accountId, livemode],
    ),
  )
  const body = JSON.stringify(
    eventAnswer({ account: accountId, livemode, created: Math.floor(Date.now() / 1_000) }),
    undefined,
    2,
  )
  const send = (by: string) =>
    app.http.inject({
      method: 'POST',
      url: '/webhooks/stripe',
      headers: { 'content-type': 'application/json', 'stripe-signature': signed(body, by, new Date()) },
      payload: body,
    })
  expect((await send('whsec_nobody')).statusCode).toBe(400)
  expect([(await send(secret)).statusCode, (await send(secret)).statusCode]).toEqual([200, 200])
  const { rows } = await app.database.pool.query(
    "select 1 from pgboss.job where name = 'stripe.events' and data->>'connectionId' = $1",
    [id],
  )
  expect(rows).toHaveLength(1)
})
