import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { type CommandLine, startCommandLine } from '../../test/setup/command-line.ts'
import { readKeyRing } from '../base/envelope.ts'
import { uuidOf } from '../base/ids.ts'
import { openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import { OPERATOR_TENANT } from '../http/route.ts'

const KEYS = `test:${randomBytes(32).toString('base64')}`
const PATIENT = { timeout: 120_000 }
let app: TestApp
let commands: CommandLine
beforeAll(async () => {
  app = await createTestApp({ config: { keyRing: readKeyRing(KEYS) } })
  commands = startCommandLine(app.database, { PAYYMO_ENCRYPTION_KEYS: KEYS })
})
afterAll(async () => {
  await app.stop()
  commands.stop()
})

/** The command line beside the running app, for the operator. */
const payymo = (...args: string[]) => commands.run(...args, '--tenant', 'operator')
const json = async (...args: string[]) => {
  const { status, out, err } = await payymo(...args, '--json')
  expect([status, err]).toEqual([0, ''])
  return JSON.parse(out)
}

async function accepted(email: string): Promise<string> {
  const { id, link } = await json('users', 'create', '--email', email)
  const payload = { token: new URL(link).searchParams.get('token'), password: 'quiet harbour lights' }
  const answer = await app.http.inject({ method: 'POST', url: '/auth/accept', payload })
  expect(answer.statusCode).toBe(204)
  return id
}
const signIn = async (email: string) => {
  const payload = { email, password: 'quiet harbour lights' }
  return (await app.http.inject({ method: 'POST', url: '/auth/login', payload })).statusCode
}

describe('payymo users', () => {
  it("disables, enables and removes the operator's people, and keeps a last owner", PATIENT, async () => {
    const ann = await accepted('ann@example.com')
    const last = await payymo('users', 'disable', ann)
    expect([last.status, last.err]).toEqual([1, expect.stringContaining('last active owner')])
    const bob = await accepted('bob@example.com')
    expect(await json('users', 'disable', 'Bob@Example.com')).toMatchObject({ id: bob, status: 'disabled' })
    expect(await signIn('bob@example.com')).toBe(401)
    expect(await json('users', 'enable', bob)).toMatchObject({ id: bob, status: 'active' })
    expect(await signIn('bob@example.com')).toBe(204)
    expect(await json('users', 'remove', 'ann@example.com')).toEqual({ id: ann, removed: true })
    expect(await signIn('ann@example.com')).toBe(401)
    expect((await json('users', 'list')).map((user: { id: string }) => user.id)).toEqual([bob])
    const gone = await payymo('users', 'remove', 'ann@example.com')
    expect([gone.status, gone.err]).toEqual([1, expect.stringContaining('"ann@example.com"')])
  })
})

/** A row in the operator's trail. */
const noted = (action: string) =>
  app.store.change(OPERATOR_TENANT, systemActor('test'), async (tx) =>
    tx.audit({ action, resource: { type: 'thing', id: 'thing_1' } }),
  )

describe('payymo audit', () => {
  it("lists the operator's trail, the newest first, and finds it whole", PATIENT, async () => {
    await noted('thing.one')
    await noted('thing.two')
    const [newest, second] = await json('audit', 'list', '--limit', '2')
    expect(newest).toMatchObject({
      sequence: second.sequence + 1,
      action: expect.any(String),
      hash: expect.any(String),
    })
    expect(await json('audit', 'list', '--limit', '1', '--before', String(newest.sequence))).toEqual([second])
    const table = await payymo('audit', 'list')
    expect(table.out).toMatch(/^row +at +who +action +what +from\n/)
    expect(await json('audit', 'verify')).toMatchObject({ valid: true, first_broken: null, kept_outside: null })
  })

  it('1 and where, when a row was changed', PATIENT, async () => {
    await noted('thing.three')
    const [newest] = await json('audit', 'list', '--limit', '1')
    // As the owner of the database, whom no policy holds here.
    await app.database.pool.query(
      "update audit_events set hash = decode('00', 'hex') where tenant_id = $1 and sequence = $2",
      [uuidOf(OPERATOR_TENANT), newest.sequence],
    )
    const broken = await payymo('audit', 'verify')
    expect([broken.status, broken.out]).toEqual([1, expect.stringContaining(`Broken at row ${newest.sequence}`)])
  })
})

describe('payymo alerts', () => {
  it("lists and closes the operator's alerts", PATIENT, async () => {
    await app.store.change(OPERATOR_TENANT, systemActor('test'), (tx) =>
      openAlert(tx, {
        code: 'mail_server_failing',
        severity: 'critical',
        subject: { type: 'installation', id: 'mail' },
        message: 'The mail server refuses us. Check SMTP_URL.',
      }),
    )
    const [alert] = await json('alerts', 'list')
    expect(alert).toMatchObject({ code: 'mail_server_failing', closed_at: null })
    expect(await json('alerts', 'close', alert.id)).toMatchObject({ id: alert.id, closed_at: expect.any(String) })
    expect((await payymo('alerts', 'list')).out).toBe('Nothing to look at.\n')
    expect(await json('alerts', 'list', '--all')).toMatchObject([{ id: alert.id }])
    const missing = await payymo('alerts', 'close', 'alr_01jrfzq4v8m2k9d7t5x3w1c0ab')
    expect([missing.status, missing.err]).toEqual([1, expect.stringContaining("doesn't exist")])
    expect((await payymo('alerts', 'close', 'everything')).status).toBe(2)
  })
})
