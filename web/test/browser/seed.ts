import assert from 'node:assert/strict'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../../server/src/database/embedded.ts'
import { eventually, stage } from './shared.ts'

/** How money finds its invoices in the sandbox company. */
export async function setMode(mode: 'suggest' | 'auto'): Promise<void> {
  const tenant = await ownTenant()
  const { status, body } = await stage.api('PATCH', `/tenants/${tenant}`, { settings: { matching: { mode } } })
  assert.equal(status, 200, JSON.stringify(body))
}

export async function modeNow(): Promise<string> {
  const { body } = await stage.api('GET', `/tenants/${await ownTenant()}`)
  return body.settings.matching.mode
}

let tenantId: string | undefined
export async function ownTenant(): Promise<string> {
  tenantId ??= await (async () => {
    const login = await fetch(`${stage.origin}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(stage.owner),
    })
    const cookie = login.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    const me = (await (await fetch(`${stage.origin}/auth/me`, { headers: { cookie } })).json()) as {
      tenants: { id: string }[]
    }
    return me.tenants[0]!.id
  })()
  return tenantId
}

/** Payments that name their invoices, waiting for a person. Returns the ids of the lines. `mark`: tells one call from another. */
export async function suggestions(count: number, mark: string): Promise<string[]> {
  await setMode('suggest')
  const account = await stage.api('GET', '/bank-accounts')
  const today = new Date().toISOString().slice(0, 10)
  const numbers = Array.from({ length: count }, (_, n) => ({
    number: `${mark}-${70_000 + n}`,
    amount: `${41 + n}.${10 + n}`,
  }))
  for (const { number, amount } of numbers) {
    const made = await stage.api('POST', '/invoices', {
      number,
      total: amount,
      currency: 'EUR',
      issued_on: today,
      due_on: today,
      client: { name: `Nora ${mark} ${number.slice(-2)}` },
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
  }
  const sent = await stage.api('POST', '/transactions/batch', {
    transactions: numbers.map(({ number, amount }) => ({
      account_id: account.body.data[0].id,
      amount,
      currency: 'EUR',
      transaction_date: today,
      description: `Invoice ${number}`,
      counterparty: { name: `Nora ${mark} ${number.slice(-2)}` },
    })),
  })
  assert.ok(sent.status < 300, JSON.stringify(sent.body))
  const { body } = await eventually(
    () => stage.api('GET', `/transactions?match_status=suggested&per_page=100&q=${mark}`),
    (answer) => answer.body.data?.length === count,
    `${count} suggestions come`,
  )
  return body.data.map(({ id }: { id: string }) => id)
}

/** Has as many automatic matches of single invoices drawn for a look as are wanted: chance would draw one in a hundred. */
export async function draw(count: number): Promise<void> {
  // The program's own server answers.
  const { connection } = await startEmbedded(join(stage.folder, 'database'))
  const client = new pg.Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    await client.query(
      `insert into spot_checks (tenant_id, match_id, sampled_at)
       select m.tenant_id, m.id, now() from matches m
        where m.status = 'applied' and m.decided_by = 'system:auto' and m.reversal_state is null
          and (select count(*) from match_allocations l where l.tenant_id = m.tenant_id and l.match_id = m.id) = 1
        order by m.id limit $1
       on conflict do nothing`,
      [count],
    )
  } finally {
    await client.end()
  }
}
