import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { createAuthenticate } from '../../src/access/index.ts'
import { testClock } from '../../src/base/clock.ts'
import type { TenantId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import { systemActor } from '../../src/events/audit.ts'
import { createHttp } from '../../src/http/server.ts'
import { type Mail, type MailDeps, type Mailer, mailSlice } from '../../src/mail/index.ts'
import { createTestApp, type TestApp, type TestTenant } from './app.ts'

/** A mail server on this machine that keeps what it takes; `options` makes it refuse. */
export interface TestSmtp {
  url: string
  port: number
  mails: { raw: Buffer; mail: ParsedMail; to: string[]; secure: boolean; user: string | undefined }[]
  close(): Promise<void>
}

export async function startSmtp(options: SMTPServerOptions = {}, port = 0): Promise<TestSmtp> {
  const mails: TestSmtp['mails'] = []
  const keep = async (...[stream, session, taken]: Parameters<NonNullable<SMTPServerOptions['onData']>>) => {
    const raw = Buffer.concat(await stream.toArray())
    const { envelope, secure, user } = session
    mails.push({
      raw,
      mail: await simpleParser(raw),
      to: envelope.rcptTo.map((to) => to.address),
      secure,
      user: user as string | undefined,
    })
    taken()
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onAuth: (auth, _session, done) => done(null, { user: auth.username }),
    onData: (stream, session, taken) => void keep(stream, session, taken),
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.server.address() as AddressInfo).port
  return {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A refusal with the reply code. */
export const refusal = (code: number, words = 'no'): Error => Object.assign(new Error(words), { responseCode: code })

/** The mail slice by itself, on a database of its own. */
export interface MailApp {
  app: TestApp
  mailer: Mailer
  dataDir: string
  clock: ReturnType<typeof testClock>
  logged: string[]
  tenant(): Promise<TestTenant>
  queue(tenant: { id: TenantId }, mail?: Partial<Mail>): Promise<string>
  /** One try at every mail of the tenant that is due, as the sweep and the job would make it. */
  sendDue(tenant: { id: TenantId }): Promise<void>
  send(tenant: { id: TenantId }, mailId: string): Promise<void>
  makeDue(tenant: { id: TenantId }): Promise<void>
  rows(tenant: { id: TenantId }): Promise<MailRecord[]>
  alerts(tenantId: TenantId): Promise<{ code: string; open: boolean; message: string }[]>
  sweep(name: string): Promise<void>
  /** Lets the queue do the work from now on. */
  startWorker(): Promise<void>
  http: FastifyInstance
  stop(): Promise<void>
}

export interface MailRecord {
  id: string
  state: string
  attempts: number
  reason: string | null
  content: Buffer | null
  recipient: Buffer
}

export async function createMailApp(change: Partial<MailDeps> = {}): Promise<MailApp> {
  const app = await createTestApp()
  const dataDir = mkdtempSync(join(tmpdir(), 'payymo-mail-'))
  const clock = testClock('2026-03-01T12:00:00Z')
  const logged: string[] = []
  const slice = mailSlice({
    store: app.store,
    vault: app.vault,
    clock,
    scaled: (ms) => ms,
    log: { ...silentLog, info: (message, fields) => void logged.push(JSON.stringify({ message, ...fields })) },
    smtpUrl: undefined,
    mailFrom: 'Payymo <no-reply@payymo.test>',
    dataDir,
    production: false,
    productNameOf: async () => undefined,
    ...change,
  })
  await app.queue.prepare(slice.jobs!)
  const http = createHttp({
    routes: slice.routes!,
    authenticate: createAuthenticate([]),
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1:8080',
  })
  const rows: MailApp['rows'] = (tenant) =>
    app.store.read(tenant.id, (tx) =>
      tx.many<MailRecord>('select * from mails where tenant_id = $1 order by created_at, id', [tx.tenantUuid]),
    )
  const send: MailApp['send'] = (tenant, mailId) => slice.jobs![0]!.handle({ tenantId: tenant.id, mailId })
  return {
    app,
    mailer: slice.mailer,
    dataDir,
    clock,
    logged,
    http,
    tenant: () => app.tenant(),
    queue: async (tenant, mail = {}) => {
      const before = new Set((await rows(tenant)).map((row) => row.id))
      await app.store.change(tenant.id, systemActor('test'), (tx) =>
        slice.mailer.queue(tx, { to: 'ann@example.com', subject: 'Hello', text: 'Good day.', ...mail }),
      )
      return (await rows(tenant)).find((row) => !before.has(row.id))!.id
    },
    sendDue: async (tenant) => {
      for (const row of await rows(tenant)) await send(tenant, row.id)
    },
    send,
    makeDue: async (tenant) => {
      await app.store.read(tenant.id, (tx) =>
        tx.run("update mails set due_at = now(), lease_until = null where tenant_id = $1 and state = 'queued'", [
          tx.tenantUuid,
        ]),
      )
    },
    rows,
    alerts: (tenantId) =>
      app.store.read(tenantId, (tx) =>
        tx.many('select code, closed_at is null as open, message from alerts where tenant_id = $1 order by id', [
          tx.tenantUuid,
        ]),
      ),
    startWorker: () => app.queue.work(slice.jobs!),
    sweep: (name) => slice.sweeps!.find((sweep) => sweep.name === name)!.run(),
    stop: async () => {
      await http.close()
      await app.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export const smtpSecret = (url: string): Secret => new Secret(url)
