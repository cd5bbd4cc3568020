import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { withWhmcs } from './caller.ts'
import { DEFAULT_CREDENTIAL } from './index.ts'

const wrong = { identifier: 'nobody', secret: 'nothing', responsetype: 'json', action: 'GetClients' }

describe('the doors before an action', () => {
  it('tests the address before the credential', () =>
    withWhmcs({ access: { allowedIps: ['203.0.113.9'] } }, async (caller) => {
      const response = await caller.raw(wrong)
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ result: 'error', message: 'Invalid IP 127.0.0.1' })
    }))

  it('says the address that WHMCS saw, and bans in other words', () =>
    withWhmcs({ access: { seenIp: '198.51.100.4' } }, async (caller) => {
      expect((await caller.call('GetClients')).message).toBe('Invalid IP 198.51.100.4')
      caller.whmcs.control.setAccess({ bannedIps: ['198.51.100.4'] })
      expect((await caller.call('GetClients')).message).toBe('Forbidden IP 198.51.100.4')
    }))

  it('lets an access key replace the address test, and nothing else', () =>
    withWhmcs({ access: { allowedIps: [], accessKey: 'k-1' } }, async (caller) => {
      expect((await caller.call('GetClients', { accesskey: 'k-2' })).message).toBe('Invalid IP 127.0.0.1')
      expect((await caller.call('GetClients', { accesskey: 'k-1' })).result).toBe('success')
      const response = await caller.raw({ ...wrong, accesskey: 'k-1' })
      expect(await response.json()).toEqual({ result: 'error', message: 'Invalid or missing credentials' })
    }))

  it.each([
    [{ version: '8.13' as const }, 'Invalid or missing credentials'],
    [{ version: '7.10' as const }, 'Authentication Failed'],
    [{ credentialError: 'Authentication Failed' as const }, 'Authentication Failed'],
  ])('refuses wrong credentials with 403 under %o', (switches, message) =>
    withWhmcs({ switches }, async (caller) => {
      const response = await caller.raw(wrong)
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ result: 'error', message })
    }),
  )

  it('knows the pair also as username and password, and old admin logins by MD5', () =>
    withWhmcs({ access: { admins: [{ username: 'root', password: 'hello' }] } }, async (caller) => {
      const { identifier, secret } = DEFAULT_CREDENTIAL
      const ask = async (username: string, password: string): Promise<number> =>
        (await caller.raw({ username, password, action: 'GetClients' })).status
      expect(await ask(identifier, secret)).toBe(200)
      expect(await ask('root', '5d41402abc4b2a76b9719d911017c592')).toBe(200)
      expect(await ask('root', 'hello')).toBe(403)
    }))

  it('allows an action when any role of the credential does, whatever the case of its name', () =>
    withWhmcs({}, async (caller) => {
      const { control } = caller.whmcs
      control.setAccess({
        roles: { reader: ['GetInvoice'], lister: ['getclients'] },
        credentials: [{ ...DEFAULT_CREDENTIAL, roles: ['reader', 'lister'], apiAccess: true }],
      })
      expect((await caller.call('GETINVOICE', { invoiceid: '1' })).result).toBe('success')
      expect((await caller.call('GetClients')).result).toBe('success')
      const refused = await caller.post('AddInvoicePayment', { invoiceid: '0' })
      expect(refused.status).toBe(403)
      expect(await refused.text()).toBe(
        '{"result":"error","message":"Invalid Permissions: API action \\u0022addinvoicepayment\\u0022 is not allowed"}',
      )
      control.setAccess({ credentials: [{ ...DEFAULT_CREDENTIAL, roles: ['reader'], apiAccess: false }] })
      expect((await caller.call('GetInvoice')).message).toBe('Access Denied')
    }))
})

describe('the form of a request and an answer', () => {
  it('answers text when no responsetype is sent, and XML when asked', () =>
    withWhmcs({}, async (caller) => {
      const bare = await caller.raw({ ...DEFAULT_CREDENTIAL, action: 'GetCurrencies' })
      expect(await bare.text()).toContain('result=success;totalresults=1;currencies[currency][0][id]=1;')
      const xml = await (await caller.post('GetCurrencies', { responsetype: 'xml' })).text()
      expect(xml).toContain('<whmcsapi version="8.13.1">\n<action>getcurrencies</action>\n<result>success</result>')
    }))

  it('refuses an action it does not know, with the status of the install', () =>
    withWhmcs({ switches: { unknownActionStatus: 404 } }, async (caller) => {
      const response = await caller.post('BuyCoffee')
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({ result: 'error', message: 'Command Not Found' })
    }))

  it('reads posted forms only: a JSON body or a query carries no field', () =>
    withWhmcs({}, async (caller) => {
      const url = `${caller.whmcs.url}/includes/api.php`
      const fields = { ...DEFAULT_CREDENTIAL, action: 'GetClients' }
      const json = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(fields),
        headers: { 'content-type': 'application/json' },
      })
      expect(await json.text()).toBe('result=error;message=Invalid or missing credentials')
      const query = await fetch(`${url}?${new URLSearchParams(fields).toString()}`)
      expect(query.status).toBe(403)
    }))

  it('ignores parameters it does not know, and notes them', () =>
    withWhmcs({}, async (caller) => {
      expect((await caller.call('GetInvoice', { invoiceid: '1', id: '7' })).result).toBe('success')
      expect(caller.whmcs.control.warnings()).toMatchObject([
        { action: 'getinvoice', text: 'WHMCS knows no parameter id here' },
      ])
    }))

  it('lives in a sub-path and nowhere else', () =>
    withWhmcs({ basePath: '/billing' }, async (caller) => {
      expect(caller.whmcs.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/billing$/)
      expect((await caller.call('GetConfigurationValue', { setting: 'SystemURL' })).value).toBe(`${caller.whmcs.url}/`)
      const outside = await fetch(new URL('/includes/api.php', caller.whmcs.url), { method: 'POST' })
      expect(outside.status).toBe(404)
    }))
})

describe('proofs of ownership', () => {
  it('answers the module proof under the shared secret, once the module is there', () =>
    withWhmcs({ basePath: '/billing' }, async (caller) => {
      const ask = (nonce: string): Promise<Response> =>
        fetch(`${caller.whmcs.url}/modules/addons/payymo/proof.php?nonce=${nonce}`)
      expect((await ask('abc')).status).toBe(404)
      caller.whmcs.control.setProof({ webhookSecret: 'whsec_1' })
      expect(await (await ask('abc')).text()).toBe(createHmac('sha256', 'whsec_1').update('abc').digest('hex'))
      expect((await ask('')).status).toBe(400)
    }))

  it('serves the token file at the root of the host', () =>
    withWhmcs({ basePath: '/billing' }, async (caller) => {
      const file = new URL('/.well-known/payymo-tok1.txt', caller.whmcs.url)
      expect((await fetch(file)).status).toBe(404)
      caller.whmcs.control.setProof({ wellKnown: { tok1: 'tok1' } })
      expect(await (await fetch(file)).text()).toBe('tok1')
    }))
})
