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
  STRIPE_API_URL: 'stripe',
  STRIPE_CONNECT_URL: 'file:///x',
  STRIPE_SECRET_KEY: 'pk_live_x',
  STRIPE_CLIENT_ID: 'id',
  STRIPE_WEBHOOK_SECRET: 'secret',
  STRIPE_REDIRECT_URLS: 'nowhere',
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

  describe('of Stripe', () => {
    const PAYYMO_ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 1).toString('base64')}`
    const read = (settings: Record<string, string>) => {
      const { live, test } = readConfig({ PAYYMO_ENCRYPTION_KEYS, ...settings }).stripe
      const of = (mode: typeof live) => [mode.secretKey?.reveal(), mode.clientId, mode.webhookSecret?.reveal()]
      return { live: of(live), test: of(test) }
    }

    it('keys are told apart by their prefix, the rest by its place', () => {
      expect(
        read({
          STRIPE_SECRET_KEY: 'sk_test_2, sk_live_1',
          STRIPE_CLIENT_ID: 'ca_1,ca_2',
          STRIPE_WEBHOOK_SECRET: 'whsec_1, whsec_2',
        }),
      ).toEqual({ live: ['sk_live_1', 'ca_1', 'whsec_1'], test: ['sk_test_2', 'ca_2', 'whsec_2'] })
    })

    it('what stands alone belongs to the mode of a key that stands alone', () => {
      expect(
        read({ STRIPE_SECRET_KEY: 'sk_test_2', STRIPE_CLIENT_ID: 'ca_2', STRIPE_WEBHOOK_SECRET: 'whsec_2' }),
      ).toEqual({
        live: [undefined, undefined, undefined],
        test: ['sk_test_2', 'ca_2', 'whsec_2'],
      })
      expect(read({ STRIPE_CLIENT_ID: 'ca_1' }).live[1]).toBe('ca_1')
      expect(read({ STRIPE_SECRET_KEY: 'sk_test_2', STRIPE_CLIENT_ID: ',ca_2' }).test[1]).toBe('ca_2')
    })

    it('two keys of one mode are one too many', () => {
      expect(() => read({ STRIPE_SECRET_KEY: 'sk_test_1,sk_test_2' })).toThrow(/at most one live and one test key/)
    })
  })
})
