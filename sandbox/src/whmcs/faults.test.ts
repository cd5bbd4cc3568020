import { describe, expect, it } from 'vitest'
import { withWhmcs, type Caller } from './caller.ts'
import { FAULT_MODES, Faults, type FaultMode } from './faults.ts'

const payment = { invoiceid: '1', transid: 'T1', gateway: 'banktransfer', amount: '120.00', date: '2026-03-02' }
const send = (caller: Caller, signal?: AbortSignal): Promise<Response> =>
  caller.post('AddInvoicePayment', payment, signal)
const booked = (caller: Caller): number => caller.whmcs.control.journal().length

describe('a call that goes wrong', () => {
  it.each([
    ['drop_before', 0],
    ['drop_after_commit', 1],
  ] as const)('%s resets the connection with %i booked', (mode, rows) =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.addFaults({ mode, action: 'AddInvoicePayment', count: 1 })
      await expect(send(caller)).rejects.toThrow()
      expect(booked(caller)).toBe(rows)
      expect((await send(caller)).status).toBe(200)
    }),
  )

  it('commit_late withholds the answer; the effect comes later and only once', () =>
    withWhmcs({}, async (caller) => {
      const { control } = caller.whmcs
      control.addFaults({ mode: 'commit_late', count: 1, delayMs: 3_600_000, holdMs: 1 })
      await expect(send(caller)).rejects.toThrow()
      expect(booked(caller)).toBe(0)
      expect(control.calls('AddInvoicePayment')).toMatchObject([{ fault: 'commit_late', outcome: 'not run' }])
      expect([control.commitLate(), control.commitLate()]).toEqual([1, 0])
      expect(booked(caller)).toBe(1)
      expect(control.calls()).toMatchObject([{ outcome: 'success' }])
    }))

  it('commit_late holds on until the caller gives up', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.addFaults({ mode: 'commit_late', count: 1, delayMs: 1 })
      await expect(send(caller, AbortSignal.timeout(200))).rejects.toThrow(/timeout/)
      await expect.poll(() => booked(caller)).toBe(1)
    }))

  it.each([
    ['500_after_commit', false, 500, 1],
    ['502_html', false, 502, 0],
    ['502_html', true, 502, 1],
    ['html_error_page', true, 200, 1],
    ['html_403', false, 403, 0],
    ['429_html', false, 429, 0],
    ['maintenance', false, 503, 0],
    ['maintenance', true, 503, 1],
  ] as const)('%s (commits: %s) answers %i with HTML and %i booked', (mode, commits, status, rows) =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.addFaults({ mode, commits })
      const response = await send(caller)
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toContain('text/html')
      expect(await response.text()).toContain('<html>')
      expect(booked(caller)).toBe(rows)
    }),
  )

  it('redirect sends to https, with nothing done', () =>
    withWhmcs({ basePath: '/billing' }, async (caller) => {
      caller.whmcs.control.addFaults({ mode: 'redirect' })
      const response = await send(caller)
      expect(response.status).toBe(301)
      expect(response.headers.get('location')).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/billing\/includes\/api\.php$/)
      expect(booked(caller)).toBe(0)
    }))

  it('php_warning_before_json and bom put something before the JSON', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.addFaults({ mode: 'php_warning_before_json', count: 1 }, { mode: 'bom', count: 1 })
      const warned = await (await send(caller)).text()
      expect(warned).toMatch(/^<br \/>[^{]*\{"result":"success"\}$/s)
      const marked = Buffer.from(await (await send(caller)).arrayBuffer())
      expect(marked.subarray(0, 4).toString('hex')).toBe('efbbbf7b')
      expect(booked(caller)).toBe(3)
    }))

  it('empty_body and truncated_body leave no readable answer', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.addFaults({ mode: 'empty_body', count: 1 }, { mode: 'truncated_body', count: 1 })
      const empty = await send(caller)
      expect([empty.status, await empty.text(), booked(caller)]).toEqual([200, '', 0])
      const cut = await send(caller)
      await expect(cut.text()).rejects.toThrow()
      expect(booked(caller)).toBe(1)
    }))

  it.each(['slow', 'slow_body'] as const)('%s has booked before its answer is complete', (mode) =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.addFaults({ mode, delayMs: 3_600_000, count: 1 }, { mode, delayMs: 20 })
      await expect(send(caller, AbortSignal.timeout(200)).then((response) => response.text())).rejects.toThrow(
        /timeout/,
      )
      expect(booked(caller)).toBe(1)
      expect(await (await send(caller)).json()).toEqual({ result: 'success' })
    }),
  )

  it('strikes the chosen action only, after the calls let through', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.addFaults({ mode: 'html_403', action: 'getinvoice', after: 1, count: 1 })
      expect((await send(caller)).status).toBe(200)
      const statuses = []
      for (let n = 0; n < 3; n += 1) statuses.push((await caller.post('GetInvoice', { invoiceid: '1' })).status)
      expect(statuses).toEqual([200, 403, 200])
    }))

  it('can strike the proof page', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.setProof({ webhookSecret: 's' })
      caller.whmcs.control.addFaults({ mode: 'html_403', action: 'proof' })
      const response = await fetch(`${caller.whmcs.url}/modules/addons/payymo/proof.php?nonce=1`)
      expect(response.status).toBe(403)
    }))

  it('counts calls and how many were under way at once', () =>
    withWhmcs({}, async (caller) => {
      const { control } = caller.whmcs
      control.addFaults({ mode: 'slow', action: 'GetInvoice', delayMs: 3_600_000 })
      const stop = new AbortController()
      const held = [1, 2, 3].map(() => caller.post('GetInvoice', { invoiceid: '1' }, stop.signal).catch(() => null))
      await expect.poll(() => control.counts().getinvoice?.calls).toBe(3)
      stop.abort()
      await Promise.all(held)
      await caller.call('GetCurrencies')
      expect(control.counts()).toMatchObject({
        getinvoice: { calls: 3, parallelMax: 3 },
        getcurrencies: { calls: 1, parallelMax: 1 },
        total: { calls: 4 },
      })
    }))
})

describe('a fault plan', () => {
  const fates = (seed: number, probability: number): (FaultMode | null)[] => {
    const faults = new Faults()
    faults.plan({ seed, probability, actions: ['AddInvoicePayment'] })
    return Array.from({ length: 400 }, (_none, n) => faults.decide('addinvoicepayment', n + 1)?.mode ?? null)
  }

  it('gives the same seed the same fate, another seed another', () => {
    expect(fates(1, 0.5)).toEqual(fates(1, 0.5))
    expect(fates(1, 0.5)).not.toEqual(fates(2, 0.5))
  })

  it('strikes as often as it says, in every mode, and never another action', () => {
    const all = fates(7, 0.5)
    const struck = all.filter((mode) => mode !== null)
    expect(struck.length).toBeGreaterThan(150)
    expect(struck.length).toBeLessThan(250)
    expect(new Set(struck).size).toBe(FAULT_MODES.length)
    expect(fates(7, 0)).toEqual(all.map(() => null))
    const faults = new Faults()
    faults.plan({ seed: 7, probability: 1, actions: ['AddInvoicePayment'] })
    expect(faults.decide('getinvoice', 1)).toBeNull()
  })

  it('refuses a mode that does not exist', () => {
    expect(() => new Faults().add({ mode: 'gremlins' as FaultMode })).toThrow(/no fault mode gremlins/)
  })
})
