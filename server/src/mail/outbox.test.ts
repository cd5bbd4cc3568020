import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMailApp, type MailApp } from '../../test/setup/factories-mail.ts'
import type { TestTenant } from '../../test/setup/app.ts'
import { readEml } from './read-eml.ts'

let mail: MailApp
let tenant: TestTenant
let file: string
const TEXT =
  'Öffne diesen Link:\nhttps://payymo.test/auth/accept?token=s3cret\n\n<script>alert(1)</script> = 100 %\n' +
  'lang '.repeat(60)

beforeAll(async () => {
  mail = await createMailApp()
  tenant = await mail.tenant()
  const id = await mail.queue(tenant, { subject: 'Willkommen <b>Zoë</b>, ' + 'sehr '.repeat(25), text: TEXT })
  await mail.send(tenant, id)
  file = readdirSync(join(mail.dataDir, 'outbox'))[0]!
})
afterAll(() => mail.stop())

const get = (path: string, options: { headers?: Record<string, string>; remoteAddress?: string } = {}) =>
  mail.http.inject({ method: 'GET', url: path, headers: { host: '127.0.0.1:8080' }, ...options })

describe('a mail without a server to send it', () => {
  it('is a file of RFC 5322 that only its owner can read; the log names it and nothing else', async () => {
    expect(file).toMatch(/^\d{8}T\d{6}Z-[0-9a-f-]{36}\.eml$/)
    const path = join(mail.dataDir, 'outbox', file)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(mail.dataDir, 'outbox')).mode & 0o777).toBe(0o700)
    const parsed = await simpleParser(readFileSync(path))
    expect(parsed.text!.trimEnd()).toBe(TEXT.trimEnd())
    expect(mail.logged.join()).toContain(file)
    expect(mail.logged.join()).not.toMatch(/s3cret|Willkommen|ann@/)
    expect(readEml(readFileSync(path))).toMatchObject({
      text: TEXT.trimEnd(),
      subject: parsed.subject,
      to: 'ann@example.com',
    })
  })

  it('made again is the same file', async () => {
    const [row] = await mail.rows(tenant)
    expect(file).toContain(row!.id)
    expect(readdirSync(join(mail.dataDir, 'outbox'))).toEqual([file])
  })

  it('waits while the folder cannot be written, and is no lost mail', async () => {
    const other = await createMailApp({ dataDir: '/dev/null' })
    const someone = await other.tenant()
    const id = await other.queue(someone)
    await expect(other.send(someone, id)).rejects.toThrow()
    expect(await other.rows(someone)).toMatchObject([{ state: 'queued', attempts: 1 }])
    await other.stop()
  })
})

describe('GET /outbox', () => {
  it('200 lists the mails and shows one, escaped, with its links and without scripts', async () => {
    const list = await get('/outbox')
    expect(list.statusCode).toBe(200)
    expect(list.body).toContain(`href="/outbox/${file}"`)
    expect(list.body).toContain('Willkommen &#60;b&#62;Zoë&#60;/b&#62;')
    const one = await get(`/outbox/${file}`)
    expect(one.statusCode).toBe(200)
    expect(one.body).toContain('<a href="https://payymo.test/auth/accept?token=s3cret"')
    expect(one.body).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
    for (const page of [list, one]) {
      expect(page.body).not.toContain('<script')
      const policy = String(page.headers['content-security-policy'])
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'nonce-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
      )
      expect(page.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  it.each([
    ['another machine', { remoteAddress: '10.0.0.7' }],
    ['another name', { headers: { host: 'evil.example' } }],
    ['another name that begins like ours', { headers: { host: 'localhost.evil.example' } }],
    ['a proxy', { headers: { host: '127.0.0.1', 'x-forwarded-for': '127.0.0.1' } }],
    ['a proxy that says so otherwise', { headers: { host: '127.0.0.1', forwarded: 'for=127.0.0.1' } }],
    ['a proxy with its name', { headers: { host: 'localhost', via: '1.1 front' } }],
  ])('404 for %s', async (_who, options) => {
    expect((await get('/outbox', options)).statusCode).toBe(404)
    expect((await get(`/outbox/${file}`, options)).statusCode).toBe(404)
  })

  it.each([
    '/outbox/none.eml',
    '/outbox/..%2Fencryption-keys',
    `/outbox/20260301T120000Z-0195d6a4-0000-7000-8000-000000000001.eml`,
  ])('404 for %s', async (path) => {
    expect((await get(path)).statusCode).toBe(404)
  })

  it('404 in production', async () => {
    const production = await createMailApp({ production: true })
    const answer = await production.http.inject({ method: 'GET', url: '/outbox', headers: { host: '127.0.0.1' } })
    expect(answer.statusCode).toBe(404)
    await production.stop()
  })
})

describe('after 30 days', () => {
  it('rows, files and the alerts about them are gone', async () => {
    await mail.app.store.read(tenant.id, (tx) =>
      tx.run("update mails set created_at = now() - interval '31 days' where tenant_id = $1", [tx.tenantUuid]),
    )
    const fresh = await mail.queue(tenant)
    await mail.sweep('old mails')
    expect((await mail.rows(tenant)).map((row) => row.id)).toEqual([fresh])
    expect(readdirSync(join(mail.dataDir, 'outbox'))).toEqual([file])
    mail.clock.set(new Date(Date.now() + 32 * 86_400_000).toISOString())
    await mail.sweep('old mails')
    expect(readdirSync(join(mail.dataDir, 'outbox'))).toEqual([])
  })
})
