import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

const NONSENSE = {
  HOST: 'bad..host',
  PORT: '99999',
  PAYYMO_PUBLIC_URL: 'ftp://x',
  PAYYMO_ENVIRONMENT: 'prod',
  DATABASE_URL: 'mysql://x',
  REDIS_URL: 'bar',
  PAYYMO_DATA_DIR: fileURLToPath(import.meta.url),
  PAYYMO_ROLE: 'king',
  PAYYMO_ENCRYPTION_KEYS: 'a:b',
  PAYYMO_OPERATOR_KEY: 'short',
  PAYYMO_SANDBOX: 'maybe',
  PAYYMO_ALLOWED_PRIVATE_HOSTS: 'foo',
  PAYYMO_TIME_SCALE: '0',
  PAYYMO_RATE_LIMITS: 'x',
  SMTP_URL: 'foo',
  MAIL_FROM: 'nobody',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'zz',
  LOG_LEVEL: 'loud',
}

describe('settings', () => {
  it('nonsense: every bad setting is named at once', () => {
    let said = ''
    try {
      readConfig(NONSENSE)
    } catch (error) {
      said = (error as Error).message
    }
    expect(Object.keys(NONSENSE).filter((name) => !said.includes(`- ${name} `))).toEqual([])
  })

  it.each(['127.0.0.1', '::1', '0.0.0.0', 'localhost', 'payymo.internal'])('HOST may be %s', (HOST) => {
    const PAYYMO_ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 1).toString('base64')}`
    expect(readConfig({ HOST, PAYYMO_ENCRYPTION_KEYS }).host).toBe(HOST)
  })

  it.each([
    ['all', undefined, true],
    ['api', undefined, true],
    ['worker', undefined, false],
    ['worker', ' ', false],
    ['worker', '8081', true],
  ])('as %s with PORT %s: listens %s', (PAYYMO_ROLE, PORT, listens) => {
    const PAYYMO_ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 1).toString('base64')}`
    expect(readConfig({ PAYYMO_ROLE, PORT, PAYYMO_ENCRYPTION_KEYS }).listens).toBe(listens)
  })
})
