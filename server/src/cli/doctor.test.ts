import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/setup/app.ts'
import { createDoctorBench, type DoctorBench, keysText, urlOf } from '../../test/setup/factories-doctor.ts'
import type { Database } from '../database/open.ts'
import { runProgram } from './payymo.ts'

const PROGRAM = fileURLToPath(new URL('./payymo.ts', import.meta.url))
let database: Database
let bench: DoctorBench
beforeAll(async () => {
  database = await createTestDatabase()
  bench = createDoctorBench()
})
afterAll(async () => {
  await database.close()
  bench.close()
})

function doctor(
  settings: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-proto=delete', PROGRAM, 'doctor', ...args], {
      env: { PATH: process.env.PATH, HOME: bench.folder, PAYYMO_DATA_DIR: join(bench.folder, 'data'), ...settings },
      cwd: bench.folder,
    })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => void (said.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (said.err += chunk.toString()))
    child.on('close', (status) => resolve({ status, ...said }))
  })
}

/** Every secret setting with a word in it that must come out nowhere. */
const canaries = {
  PAYYMO_OPERATOR_KEY: 'canary-operator-key-0123456789abcdef',
  PAYYMO_ENCRYPTION_KEYS: keysText('canaryid'),
  GOCARDLESS_SECRET_ID: 'canary-gocardless-id',
  GOCARDLESS_SECRET_KEY: 'canary-gocardless-key',
  REDIS_URL: 'redis://:canary-redis@127.0.0.1:9',
  SMTP_URL: 'smtp://canary-user:canary-mail@127.0.0.1:9',
  MAIL_FROM: 'Canary Person <canary@hosting.example>',
  PAYYMO_PUBLIC_URL: 'https://canary.hosting.example',
}

describe('payymo doctor', () => {
  it('0: text with the count at the end, nothing on standard error', { timeout: 60_000 }, async () => {
    const { status, out, err } = await doctor({ DATABASE_URL: urlOf(database), PAYYMO_ENCRYPTION_KEYS: keysText('k1') })
    expect([status, err]).toEqual([0, ''])
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^\d+ ok, \d+ warnings, 0 problems, \d+ skipped$/)
  })

  it('1: JSON and a report; no secret in either, no host in the report', { timeout: 60_000 }, async () => {
    const file = join(bench.folder, 'report.txt')
    const settings = { ...canaries, DATABASE_URL: urlOf(database) }
    const { status, out, err } = await doctor(settings, '--json', '--out', file)
    expect([status, err]).toEqual([1, ''])
    const json = JSON.parse(out)
    expect(json).toMatchObject({ healthy: false, version: expect.any(String), summary: { problems: 2 } })
    for (const check of json.checks) {
      expect(check).toEqual({
        check: expect.stringMatching(/^[a-z_.]+$/),
        state: expect.stringMatching(/^(ok|warning|problem|skipped)$/),
        found: expect.stringMatching(/\.$/),
        next: check.state === 'warning' || check.state === 'problem' ? expect.any(String) : null,
        facts: expect.any(Object),
      })
    }
    const report = readFileSync(file, 'utf8')
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(report).toContain('What this file holds')
    expect(report).toMatch(/problem +redis +code=ECONNREFUSED/)
    const key = canaries.PAYYMO_ENCRYPTION_KEYS.split(':')[1]!
    for (const text of [out, report]) {
      expect(text.replaceAll('canaryid', '')).not.toMatch(/canary-(operator|gocardless|redis|mail|user)/)
      expect(text).not.toContain(key)
    }
    expect(report.replaceAll('canaryid', '')).not.toMatch(/canary|hosting|127\.0\.0\.1/i)
    const again = await doctor(settings, '--out', file)
    expect([again.status, again.err]).toEqual([2, expect.stringContaining('exists already')])
    expect(readFileSync(file, 'utf8')).toBe(report)
  })

  it('2: wrong use', async () => {
    for (const args of [
      ['--what'],
      ['--out'],
      ['--tenant'],
      ['extra'],
      ['--out', join(bench.folder, 'no', 'where.txt')],
    ])
      expect([args, await runProgram(['doctor', ...args])]).toEqual([args, 2])
  })
})
