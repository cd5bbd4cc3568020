import { afterEach, describe, expect, it } from 'vitest'
import {
  createMailApp,
  type MailApp,
  refusal,
  smtpSecret,
  startSmtp,
  type TestSmtp,
} from '../../test/setup/factories-mail.ts'
import { uuidOf } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import { OPERATOR_TENANT } from '../http/route.ts'

const opened: { stop?(): Promise<void>; close?(): Promise<void> }[] = []
const kept = <T extends (typeof opened)[number]>(one: T): T => {
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await (one.stop?.() ?? one.close?.())
})

const withSmtp = async (
  options: Parameters<typeof startSmtp>[0] = {},
  change: Parameters<typeof createMailApp>[0] = {},
): Promise<{ mail: MailApp; smtp: TestSmtp }> => {
  const smtp = kept(await startSmtp(options))
  return { smtp, mail: kept(await createMailApp({ smtpUrl: smtpSecret(smtp.url), ...change })) }
}

describe('a mail', () => {
  it('is delivered once, as text and HTML, under the name of the product, and what it said is erased', async () => {
    const { mail, smtp } = await withSmtp({}, { productNameOf: async () => 'Geld & Söhne' })
    const tenant = await mail.tenant()
    const id = await mail.queue(tenant, {
      to: 'zoë@example.com',
      subject: 'Grüße aus dem Büro',
      text: 'Come in:\nhttps://payymo.test/auth/accept?token=a&b="x.\n\n<b>Not bold</b>\n.\n.. dots',
    })
    expect((await mail.rows(tenant))[0]!.content!.toString('latin1')).not.toContain('token')
    await mail.send(tenant, id)
    await mail.send(tenant, id)
    expect(smtp.mails).toHaveLength(1)
    const [{ mail: got, to }] = smtp.mails as [TestSmtp['mails'][number]]
    expect(to).toEqual(['zoë@example.com'])
    expect(got).toMatchObject({
      subject: 'Grüße aus dem Büro',
      messageId: `<${id}@payymo.test>`,
      from: { value: [{ name: 'Geld & Söhne', address: 'no-reply@payymo.test' }] },
    })
    expect(got.text!.trimEnd()).toBe(
      'Come in:\nhttps://payymo.test/auth/accept?token=a&b="x.\n\n<b>Not bold</b>\n.\n.. dots',
    )
    expect(got.html).toContain('<a href="https://payymo.test/auth/accept?token=a&#38;b="')
    expect(got.html).toContain('&#60;b&#62;Not bold&#60;/b&#62;')
    expect(got.html).toContain('Geld &#38; Söhne')
    expect(got.headers.get('auto-submitted')).toBe('auto-generated')
    expect(await mail.rows(tenant)).toMatchObject([{ id, state: 'sent', attempts: 1, content: null, reason: null }])
  })

  it('is queued with its job in the change that causes it, or not at all', async () => {
    const { mail } = await withSmtp()
    const tenant = await mail.tenant()
    const queued = async () => [
      (await mail.rows(tenant)).length,
      (await mail.app.database.pool.query("select count(*)::int as n from pgboss.job where name = 'send-mail'")).rows[0]
        .n,
    ]
    await expect(
      mail.app.store.change(tenant.id, systemActor('test'), async (tx) => {
        await mail.mailer.queue(tx, { to: 'ann@example.com', subject: 'x', text: 'x' })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await queued()).toEqual([0, 0])
    await mail.queue(tenant)
    expect(await queued()).toEqual([1, 1])
  })

  it('is sent by the worker once the change has committed', async () => {
    const { mail, smtp } = await withSmtp()
    const tenant = await mail.tenant()
    await mail.startWorker()
    await mail.queue(tenant)
    await expect.poll(() => smtp.mails.length, { timeout: 15_000 }).toBe(1)
    await expect.poll(async () => (await mail.rows(tenant))[0]!.state, { timeout: 15_000 }).toBe('sent')
  })

  it('to what is not one address is refused when it is queued', async () => {
    const { mail } = await withSmtp()
    const tenant = await mail.tenant()
    await expect(mail.queue(tenant, { to: 'ann@example.com\r\nBcc: eve@example.com' })).rejects.toMatchObject({
      code: 'validation_failed',
    })
  })

  it('whose worker died after the send is sent again under the same Message-ID, and not while the worker may live', async () => {
    const { mail, smtp } = await withSmtp()
    const tenant = await mail.tenant()
    const id = await mail.queue(tenant)
    const died = { ...mail.app.store, change: async () => Promise.reject(new Error('killed')) }
    const worker = kept(await createMailApp({ smtpUrl: smtpSecret(smtp.url), store: died, vault: mail.app.vault }))
    await expect(worker.send(tenant, id)).rejects.toThrow('killed')
    await mail.send(tenant, id)
    expect(smtp.mails).toHaveLength(1)
    await mail.makeDue(tenant)
    await mail.send(tenant, id)
    expect(smtp.mails).toHaveLength(2)
    expect(smtp.mails[0]!.raw.equals(smtp.mails[1]!.raw)).toBe(true)
  })
})

describe('a refusal', () => {
  it.each([
    ['of the recipient', { onRcptTo: (_to, _session, done) => done(refusal(550)) }],
    ['of the sender', { onMailFrom: (_from, _session, done) => done(refusal(553)) }],
    ['of the content', { onData: (stream, _session, done) => stream.resume().on('end', () => done(refusal(554))) }],
  ] satisfies [string, Parameters<typeof startSmtp>[0]][])(
    '%s for good is not tried again and opens an alert',
    async (_what, options) => {
      const { mail } = await withSmtp(options)
      const tenant = await mail.tenant()
      const id = await mail.queue(tenant)
      await mail.send(tenant, id)
      await mail.makeDue(tenant)
      await mail.send(tenant, id)
      expect(await mail.rows(tenant)).toMatchObject([
        { state: 'failed', attempts: 1, content: null, reason: expect.stringMatching(/^55\d$/) },
      ])
      const alerts = await mail.alerts(tenant.id)
      expect(alerts).toMatchObject([{ code: 'mail_failed', open: true }])
      expect(alerts[0]!.message).toContain('a…@example.com')
      expect(alerts[0]!.message).not.toContain('ann@')
    },
  )

  it('for now is tried again, and is no fault of the server', async () => {
    let busy = true
    const { mail, smtp } = await withSmtp({ onRcptTo: (_to, _session, done) => (busy ? done(refusal(451)) : done()) })
    const tenant = await mail.tenant()
    await mail.queue(tenant)
    for (let n = 0; n < 6; n++) {
      await mail.makeDue(tenant)
      await mail.sendDue(tenant)
    }
    expect(await mail.rows(tenant)).toMatchObject([{ state: 'queued', attempts: 6, reason: '451' }])
    expect(await mail.alerts(OPERATOR_TENANT)).toEqual([])
    busy = false
    await mail.makeDue(tenant)
    await mail.sendDue(tenant)
    expect(smtp.mails).toHaveLength(1)
  })
})

describe('a server that is not there', () => {
  it('gets the mail when it is back; the operator hears of both', async () => {
    const { mail, smtp } = await withSmtp()
    const tenant = await mail.tenant()
    await mail.queue(tenant)
    await smtp.close()
    for (let n = 0; n < 5; n++) {
      await mail.makeDue(tenant)
      await mail.sendDue(tenant)
    }
    expect(await mail.rows(tenant)).toMatchObject([{ state: 'queued', attempts: 5 }])
    expect(await mail.alerts(OPERATOR_TENANT)).toMatchObject([{ code: 'mail_server_failing', open: true }])
    expect(await mail.alerts(tenant.id)).toEqual([])
    const back = kept(await startSmtp({}, smtp.port))
    await mail.makeDue(tenant)
    await mail.sendDue(tenant)
    expect(back.mails).toHaveLength(1)
    expect(await mail.alerts(OPERATOR_TENANT)).toMatchObject([{ code: 'mail_server_failing', open: false }])
  })

  it('for a day makes the mail fail', async () => {
    const { mail, smtp } = await withSmtp()
    const tenant = await mail.tenant()
    await mail.queue(tenant)
    await smtp.close()
    await mail.app.store.read(tenant.id, (tx) =>
      tx.run("update mails set created_at = now() - interval '25 hours' where tenant_id = $1", [tx.tenantUuid]),
    )
    await mail.sendDue(tenant)
    expect(await mail.rows(tenant)).toMatchObject([{ state: 'failed', content: null }])
    expect(await mail.alerts(tenant.id)).toMatchObject([{ code: 'mail_failed' }])
  })

  it('waits between tries: due again after a while, found by the sweep', async () => {
    const { mail, smtp } = await withSmtp()
    const tenant = await mail.tenant()
    await mail.queue(tenant)
    await smtp.close()
    await mail.sendDue(tenant)
    const wait = await mail.app.store.read(tenant.id, (tx) =>
      tx.one<{ seconds: number }>(
        'select extract(epoch from due_at - updated_at)::float8 as seconds from mails where tenant_id = $1',
        [tx.tenantUuid],
      ),
    )
    expect(wait.seconds).toBeGreaterThanOrEqual(15)
    expect(wait.seconds).toBeLessThanOrEqual(30)
    const waiting = async () =>
      (
        await mail.app.database.pool.query(
          "select count(*)::int as n from pgboss.job where name = 'send-mail' and state = 'created'",
        )
      ).rows[0].n
    await mail.app.database.pool.query("delete from pgboss.job where name = 'send-mail'")
    await mail.sweep('due mails')
    expect(await waiting()).toBe(0)
    await mail.makeDue(tenant)
    await mail.sweep('due mails')
    await mail.sweep('due mails')
    expect(await waiting()).toBe(1)
    // Of a tenant at rest it waits, and takes no place before those of others.
    const status = (to: string) =>
      mail.app.database.pool.query('update tenants set status = $2 where tenant_id = $1', [uuidOf(tenant.id), to])
    await mail.app.database.pool.query("delete from pgboss.job where name = 'send-mail'")
    await status('suspended')
    await mail.sweep('due mails')
    expect(await waiting()).toBe(0)
    await status('active')
    await mail.sweep('due mails')
    expect(await waiting()).toBe(1)
  })
})
