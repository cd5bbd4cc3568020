import { describe, expect, it } from 'vitest'
import { withWhmcs, type Caller } from './caller.ts'
import type { Site } from './site.ts'

const payment = { invoiceid: '1', transid: 'T1', gateway: 'banktransfer', amount: '120.00', date: '2026-03-02' }

/** What a payment and the proof page get there, and what came of it. */
async function ask(caller: Caller): Promise<{ api: Response; proof: Response; booked: number }> {
  const api = await caller.post('AddInvoicePayment', payment)
  const proof = await fetch(`${caller.whmcs.url}/modules/addons/payymo/proof.php?nonce=1`, { redirect: 'manual' })
  return { api, proof, booked: caller.whmcs.control.journal().length }
}

describe('an address that is no working WHMCS', () => {
  it.each<[Site, number, RegExp]>([
    ['not_whmcs', 404, /Not Found/],
    ['page_for_all', 200, /id="root"/],
    ['login_page', 200, /<form/],
    ['half_upgraded', 200, /upgrade is currently in progress/],
    ['licence', 200, /license key/],
    ['php_fatal', 500, /^$/],
    ['silent', 200, /^$/],
  ])('%s answers %i, and nothing is booked behind it', (site, status, body) =>
    withWhmcs({ basePath: '/billing', switches: { site } }, async (caller) => {
      caller.whmcs.control.setProof({ webhookSecret: 's' })
      const { api, proof, booked } = await ask(caller)
      expect([api.status, proof.status, booked]).toEqual([status, status, 0])
      expect(api.headers.get('content-type')).toMatch(/^text\/html/)
      expect(await api.text()).toMatch(body)
      expect(caller.whmcs.control.counts()).toMatchObject({ [`site ${site}`]: { calls: 2 } })
    }),
  )

  it('moved redirects each path to the same below its new address', () =>
    withWhmcs(
      { basePath: '/old', switches: { site: 'moved', movedTo: 'https://www.moved.example/new' } },
      async (caller) => {
        const { api, proof, booked } = await ask(caller)
        expect([api.status, proof.status, booked]).toEqual([301, 301, 0])
        expect(api.headers.get('location')).toBe('https://www.moved.example/new/includes/api.php')
        expect(proof.headers.get('location')).toMatch(
          /^https:\/\/www\.moved\.example\/new\/modules\/addons\/payymo\/proof\.php/,
        )
      },
    ))

  it('a half-upgraded WHMCS still serves plain files, and is itself again afterwards', () =>
    withWhmcs({ switches: { site: 'half_upgraded' } }, async (caller) => {
      const { control } = caller.whmcs
      control.setProof({ wellKnown: { tok1: 'tok1' } })
      expect(await (await fetch(new URL('/.well-known/payymo-tok1.txt', caller.whmcs.url))).text()).toBe('tok1')
      control.setSwitches({ site: 'whmcs', version: '9.0' })
      expect((await ask(caller)).booked).toBe(1)
    }))
})
