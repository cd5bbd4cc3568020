import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const START = fileURLToPath(new URL('./start.ts', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'payymo-start-'))
  chmodSync(folder, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  status: number | null
  out: string
  err: string
}

/** Starts the program; `until` what it says, then Ctrl-C; without it, until it ends by itself. */
function start(environment: Record<string, string>, until?: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-proto=delete', START], {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TMPDIR: process.env.TMPDIR ?? tmpdir(),
        PAYYMO_DATA_DIR: join(folder, 'data'),
        PORT: '0',
        ...environment,
      },
      cwd: folder,
    })
    const ended: Ended = { status: null, out: '', err: '' }
    const deadline = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`did not end: ${ended.out}\n${ended.err}`))
    }, 110_000)
    child.stdout.on('data', (chunk: Buffer) => {
      const before = ended.out
      ended.out += chunk.toString()
      if (until !== undefined && !before.includes(until) && ended.out.includes(until)) child.kill('SIGINT')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      ended.err += chunk.toString()
    })
    child.on('exit', (status) => {
      clearTimeout(deadline)
      resolve({ ...ended, status })
    })
  })
}

/** The invitation that the terminal shows. */
const linkIn = (out: string): string | undefined => /Come in +\S+\/auth\/accept\?token=([\w-]+)\n/.exec(out)?.[1]

describe('npm start', () => {
  it('does the sandbox month, shows the key once, stops cleanly at Ctrl-C, and keeps everything', async () => {
    const first = await start({}, 'Stop  ')
    expect([first.status, first.err]).toEqual([0, ''])
    expect(first.out).toMatch(/a month fetched: 1\d\d lines/)
    expect(first.out).toMatch(/booked twice +none/)
    expect(first.out).toMatch(/card payments +30 +from Stripe: 25 in WHMCS already, 2 went back/)
    expect(first.out).toMatch(/missing in WHMCS +3 /)
    expect(first.out).toMatch(/payouts explained +(\d)\/\1 +to the cent; [2-5] on the bank/)
    expect(first.out).toMatch(/Payout: +[\d.]+ EUR = \d+ payments [\d.]+ .*− fees [\d.]+; one line on the bank account/)
    expect(first.out).toMatch(/Sure: +.*→ FL-/)
    expect(first.out).toMatch(/Doubtful: .*→ FL-/)
    expect(first.out).toMatch(/See it +http:\/\/127\.0\.0\.1:\d+\/sandbox\n/)
    expect(first.out).toMatch(/Dashboard +http:\/\/127\.0\.0\.1:\d+\/\n/)
    expect(linkIn(first.out)).toBeDefined()
    expect(first.out).toMatch(/API key +pk_test_/)
    expect(first.out).toContain('Stopped. Everything is kept.')
    const booked = /booked in WHMCS +(\d+)/.exec(first.out)![1]!
    const second = await start({}, 'Stop  ')
    expect([second.status, second.err]).toEqual([0, ''])
    expect(second.out).toContain(`as you left it: ${booked} booked in WHMCS`)
    expect(second.out).not.toContain('pk_test_')
    // Nobody came in: there is a link again, and it is another one.
    expect(linkIn(second.out)).toBeDefined()
    expect(linkIn(second.out)).not.toBe(linkIn(first.out))
    const log = readFileSync(join(folder, 'data', 'payymo.log'), 'utf8')
    for (const entry of log.trim().split('\n')) expect(JSON.parse(entry).level).not.toBe('error')
    expect(log).not.toContain('/auth/accept?token=')

    const otherKey = await start({ PAYYMO_ENCRYPTION_KEYS: `other:${randomBytes(32).toString('base64')}` })
    expect(otherKey.status).toBe(1)
    expect(otherKey.err).toMatch(/encryption key "local".*not in PAYYMO_ENCRYPTION_KEYS/)
    const wrongKey = await start({ PAYYMO_ENCRYPTION_KEYS: `local:${randomBytes(32).toString('base64')}` })
    expect(wrongKey.err).toMatch(/not the one this database was made with/)
  }, 240_000)

  it('ends cleanly when it is stopped in the middle of the month, shows the key all the same, and goes on at the next start', async () => {
    const first = await start({}, 'bank connected')
    expect([first.status, first.err]).toEqual([0, ''])
    expect(first.out).toMatch(/API key +pk_test_/)
    expect(first.out).toContain('Stopped. Everything is kept.')
    const second = await start({}, 'Stop  ')
    expect([second.status, second.err]).toEqual([0, ''])
    expect(second.out).toContain('as you left it')
  }, 240_000)

  it('names every bad setting at once, and starts nothing', async () => {
    const { status, err } = await start({
      PORT: 'eighty',
      PAYYMO_ROLE: 'boss',
      PAYYMO_OPERATOR_KEY: 'short',
      PAYYMO_TIME_SCALE: '0',
    })
    expect(status).toBe(1)
    for (const name of ['PORT', 'PAYYMO_ROLE', 'PAYYMO_OPERATOR_KEY', 'PAYYMO_TIME_SCALE']) expect(err).toContain(name)
  })

  it('says which port is in use, and how to take another', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const { status, err } = await start({ PORT: String(port) })
    other.close()
    expect([status, err]).toEqual([
      1,
      `Port ${port} on 127.0.0.1 is in use by another program. Stop it, or start with another port: PORT=${port + 1} npm start\n`,
    ])
  })

  it('refuses a data folder that another process uses, and names the process', async () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data', 'payymo.pid'), String(process.pid))
    const { status, err } = await start({})
    expect(status).toBe(1)
    expect(err).toContain(`in use by another Payymo (process ${process.pid})`)
  })

  it('says what production asks for', async () => {
    const { status, err } = await start({
      PAYYMO_ENVIRONMENT: 'production',
      PAYYMO_ALLOWED_PRIVATE_HOSTS: '127.0.0.1:1',
    })
    expect(status).toBe(1)
    for (const text of [
      'DATABASE_URL is required',
      'PAYYMO_ENCRYPTION_KEYS is required',
      'https URL',
      'PAYYMO_ALLOWED_PRIVATE_HOSTS is refused',
    ]) {
      expect(err).toContain(text)
    }
  })
})
