import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { createTenant } from '../access/index.ts'
import { systemActor } from '../events/audit.ts'
import { html } from './html.ts'
import { firstRunRoutes, type Simulators } from './index.ts'

const nothing: Simulators = {
  facts: {
    whmcsUrl: '',
    whmcsIdentifier: '',
    whmcsSecret: 'whmcs-secret',
    bankUrl: '',
    bankSecretId: '',
    bankSecretKey: 'bank-secret',
    stripeUrl: '',
    stripeSecretKey: 'stripe-secret',
    stripeClientId: '',
    stripeAccount: '',
    receiverUrl: '',
    company: { name: 'Fjord & Söhne', bank: 'Hansa', institutionId: '' },
    from: '2026-01-01',
  },
  hosts: [],
  approveConsent: async () => '',
  authorizeStripe: async () => '',
  listenToStripe: async () => 'stripe-webhook-secret',
  putProofFile: async () => {},
  setReceiverSecret: async () => {},
  receiverKnowsSecret: async () => true,
  whmcsPayments: async () => [{ transid: 'PYM-STRANGER', invoiceId: '9', amount: '5.00' }],
  receivedEvents: async () => [],
}

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({
    build: {
      slices: ({ store }) => [
        {
          routes: firstRunRoutes({
            store,
            simulators: nothing,
            version: '1.2.3',
            origin: () => 'http://127.0.0.1:8080',
            settled: () => true,
          }),
        },
      ],
    },
  })
})
afterAll(() => app.stop())

const get = (headers: Record<string, string> = {}, remoteAddress = '127.0.0.1', url = '/sandbox') =>
  app.http.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8080', ...headers }, remoteAddress })

describe('GET /sandbox', () => {
  it('404 before there is a sandbox company', async () => {
    expect((await get()).statusCode).toBe(404)
  })

  it('200 to this machine: the month, both ledgers with a stranger in WHMCS as a difference, and no secret', async () => {
    await createTenant(app.store, systemActor('test'), {
      parentId: null,
      slug: 'sandbox',
      name: 'Fjord',
      kind: 'customer',
      tier: 'standard',
      environment: 'sandbox',
      settings: {},
    })
    const page = await get()
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Fjord &#38; Söhne')
    expect(page.body).toContain('Difference: 1')
    expect(page.body).toContain('href="/"')
    expect(page.body).not.toMatch(/whmcs-secret|bank-secret|stripe-|pk_test_/)
    const nonce = /nonce="([^"]+)"/.exec(page.body)![1]!
    expect(page.headers['content-security-policy']).toContain(`script-src 'nonce-${nonce}'`)
    expect((await get({}, '127.0.0.1', '/sandbox?part=main')).body).toMatch(/^<main/)
  })

  it.each([
    ['another machine', {}, '10.0.0.7'],
    ['another name for this machine', { host: 'evil.example' }, '127.0.0.1'],
    ['another name that begins like ours', { host: 'localhost.evil.example:8080' }, '127.0.0.1'],
    ['a proxy on this machine', { 'x-forwarded-for': '203.0.113.9' }, '127.0.0.1'],
    ['a proxy that keeps the name to itself', { host: 'localhost:8080', via: '1.1 front' }, '127.0.0.1'],
  ])('404 to %s', async (_name, headers, address) => {
    expect((await get(headers, address)).statusCode).toBe(404)
  })
})

describe('html', () => {
  it('escapes texts, joins lists, and leaves out what is not there', () => {
    expect(html`<p title="${'"<x>&\''}">${['a', html`<b>b</b>`]}${null}${false}</p>`.text).toBe(
      '<p title="&#34;&#60;x&#62;&#38;&#39;">a<b>b</b></p>',
    )
  })
})
