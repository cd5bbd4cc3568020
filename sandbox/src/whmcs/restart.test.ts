import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { Books } from './books.ts'
import { withWhmcs } from './caller.ts'
import { DEFAULT_CREDENTIAL, type JournalEntry } from './index.ts'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'whmcs-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const lines = (path: string): JournalEntry[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JournalEntry)

describe('a simulator with a journal', () => {
  it('comes back with its books, settings and journal', () =>
    inFolder(async (folder) => {
      const journal = join(folder, 'truth.jsonl')
      let before: unknown
      await withWhmcs({ journal }, async (caller) => {
        const { control } = caller.whmcs
        await caller.pay(1, '150.00', 'T1')
        control.seed({ invoices: [{ id: 5, client: 1, total: '1.00' }] })
        control.seed({ remove: { invoices: [5] } })
        control.setSwitches({ version: '9.0' })
        before = [control.books(), control.journal(), control.settings()]
      })
      for (const round of [1, 2]) {
        await withWhmcs({ journal, switches: { version: '7.10' } }, async (caller) => {
          const { control } = caller.whmcs
          if (round === 1) expect([control.books(), control.journal(), control.settings()]).toEqual(before)
          expect(await caller.credit(1)).toBe(round === 1 ? '30.00' : '31.00')
          await caller.pay(1, '1.00', `again-${round}`)
        })
      }
      expect(lines(journal).map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5, 6])
      await withWhmcs({ journal }, async (caller) => {
        expect(caller.whmcs.control.seed({ invoices: [{ client: 1, total: '1.00' }] }).invoices).toEqual([6])
      })
    }))

  it('mends what a kill tore: half a line never counted, a missing journal line returns', () =>
    inFolder(async (folder) => {
      const journal = join(folder, 'truth.jsonl')
      await withWhmcs({ journal }, async (caller) => {
        await caller.pay(1, '10.00', 'T1')
        await caller.pay(1, '10.00', 'T2')
      })
      const whole = readFileSync(journal, 'utf8')
      writeFileSync(journal, whole.slice(0, -20))
      appendFileSync(`${journal}.state`, '{"put":{"invoices":[{"id":1,"sta')
      const books = new Books(journal)
      books.close()
      expect(books.journal.map((entry) => entry.transid)).toEqual(['T1', 'T2'])
      expect(readFileSync(journal, 'utf8')).toBe(whole)
      expect(books.table('invoices').get(1)?.status).toBe('Unpaid')
    }))

  it('takes a failed commit back, on paper and in memory', () =>
    inFolder(async (folder) => {
      const journal = join(folder, 'truth.jsonl')
      await withWhmcs({ journal }, async (caller) => {
        const { control } = caller.whmcs
        const before = [control.books(), readFileSync(`${journal}.state`, 'utf8')]
        const seed = { clients: [{ id: 1, name: 'New Name' }], invoices: [{ client: 9, total: '1.00' }] }
        expect(() => control.seed(seed)).toThrow(/client 9, who does not exist/)
        expect([control.books(), readFileSync(`${journal}.state`, 'utf8')]).toEqual(before)
        expect(readFileSync(journal, 'utf8')).toBe('')
      })
    }))
})

async function start(journal: string): Promise<{ child: ChildProcess; url: string }> {
  const program = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [program, '--base-path', '/billing', '--journal', journal], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, url: (JSON.parse(line) as { url: string }).url }
}

describe('the program', () => {
  it('is steered over HTTP, survives a kill, and still knows what it booked', () =>
    inFolder(async (folder) => {
      const journal = join(folder, 'truth.jsonl')
      const first = await start(journal)
      const control = async (url: string, name: string, body?: unknown): Promise<unknown> => {
        const response = await fetch(new URL(`/__control/${name}`, url), {
          method: body === undefined ? 'GET' : 'POST',
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        return response.json()
      }
      const seed = { clients: [{ name: 'Ada Lovelace' }], invoices: [{ client: 1, total: '120.00' }] }
      expect(await control(first.url, 'seed', seed)).toEqual({ clients: [1], invoices: [1] })
      expect(await control(first.url, 'switches', { version: '10' })).toMatchObject({
        error: expect.stringContaining('version'),
      })
      await control(first.url, 'faults', [{ mode: 'drop_after_commit', action: 'AddInvoicePayment', count: 1 }])
      const fields = {
        action: 'AddInvoicePayment',
        invoiceid: '1',
        transid: 'T1',
        gateway: 'banktransfer',
        amount: '120',
      }
      const body = new URLSearchParams({ ...DEFAULT_CREDENTIAL, ...fields })
      await expect(fetch(`${first.url}/includes/api.php`, { method: 'POST', body })).rejects.toThrow()
      first.child.kill('SIGKILL')
      await once(first.child, 'exit')

      const second = await start(journal)
      try {
        expect(await control(second.url, 'journal')).toMatchObject([
          { kind: 'payment', transid: 'T1', amountMinor: '12000' },
        ])
        expect(await control(second.url, 'books')).toMatchObject({
          invoices: [{ id: 1, status: 'Paid', balance: '0.00' }],
        })
        expect(await control(second.url, 'counts')).toEqual({})
        expect(await control(second.url, 'nonsense')).toMatchObject({ error: expect.stringContaining('POST seed') })
      } finally {
        second.child.kill('SIGTERM')
        await once(second.child, 'exit')
      }
    }))
})
