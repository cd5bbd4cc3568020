import { createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startSmtp, refusal } from '../../../test/setup/factories-mail.ts'
import { startBank } from '../../../test/setup/factories-gocardless.ts'
import { createDoctorBench, type DoctorBench, one } from '../../../test/setup/factories-doctor.ts'
import { redisMissing, startRedis } from '../../../test/setup/redis-server.ts'
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/gocardless/index.ts'

let bench: DoctorBench
beforeAll(() => {
  bench = createDoctorBench()
})
afterAll(() => bench.close())

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

/** A server that counts who comes and says what it is told. */
async function listener(said = ''): Promise<{ port: number; visits(): number }> {
  let visits = 0
  const server = createServer((socket) => {
    visits += 1
    // Read to its end, else it never closes.
    socket
      .on('error', () => {})
      .resume()
      .end(said)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push({ close: () => new Promise((resolve) => server.close(resolve)) })
  return { port: (server.address() as AddressInfo).port, visits: () => visits }
}

describe('Redis', () => {
  it('away, or something else, is a problem, and its password is not said', async () => {
    const away = one(await bench.visit({ REDIS_URL: 'redis://:canary-redis@127.0.0.1:9' }), 'redis')
    expect(away).toMatchObject({ state: 'problem', facts: { code: 'ECONNREFUSED' } })
    const { port } = await listener('HTTP/1.1 400 Bad Request\r\n\r\n')
    const strange = one(await bench.visit({ REDIS_URL: `redis://:canary-redis@127.0.0.1:${port}` }), 'redis')
    expect(strange.state).toBe('problem')
    expect(JSON.stringify([away, strange])).not.toContain('canary-redis')
  })

  it.skipIf(redisMissing())(
    'answers with its version; frozen it does not hold the visit up',
    { timeout: 40_000 },
    async () => {
      const redis = await startRedis()
      try {
        const here = one(await bench.visit({ REDIS_URL: redis.url }), 'redis')
        expect(here).toMatchObject({ state: 'ok', facts: { version: expect.stringMatching(/^\d+\./) } })
        redis.freeze()
        expect(one(await bench.visit({ REDIS_URL: redis.url }), 'redis').state).toBe('problem')
      } finally {
        await redis.stop()
      }
    },
  )
})

describe('the mail server', () => {
  const visit = async (url: string) => one(await bench.visit({ SMTP_URL: url, MAIL_FROM: 'a@example.com' }), 'smtp')
  const server = async (...options: Parameters<typeof startSmtp>) => {
    const smtp = await startSmtp(...options)
    opened.push(smtp)
    return smtp
  }

  it('answers, takes the sign-in, and no mail is begun', async () => {
    const smtp = await server({ authOptional: false, allowInsecureAuth: true })
    const finding = await visit(smtp.url.replace('//', '//mailer:canary-mail@'))
    expect(finding).toMatchObject({ state: 'ok', facts: { signed_in: true, tls: false } })
    expect(smtp.mails).toEqual([])
    expect(JSON.stringify(finding)).not.toContain('canary-mail')
    const plain = await server()
    expect(await visit(plain.url)).toMatchObject({ state: 'ok', facts: { signed_in: false } })
  })

  it('refuses the sign-in', async () => {
    const smtp = await server({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(refusal(535, 'canary words')),
    })
    const finding = await visit(smtp.url.replace('//', '//mailer:canary-mail@'))
    expect(finding).toMatchObject({ state: 'problem', facts: { stage: 'sign_in', code: '535' } })
    expect(JSON.stringify(finding)).not.toContain('canary')
  })

  it('changes to TLS with a certificate that fits, and not with another', async () => {
    const smtp = await server({ disabledCommands: [] })
    expect(await visit(smtp.url)).toMatchObject({ state: 'problem', facts: { stage: 'tls' } })
    const lax = await visit(`${smtp.url}?tls.rejectUnauthorized=false`)
    expect(lax).toMatchObject({ state: 'ok', facts: { tls: true } })
  })

  it('is away, or is none', async () => {
    expect(await visit('smtp://127.0.0.1:9')).toMatchObject({ state: 'problem', facts: { stage: 'connect' } })
    const strange = await listener('HTTP/1.1 400 Bad Request\r\n\r\n')
    expect(await visit(`smtp://127.0.0.1:${strange.port}`)).toMatchObject({
      state: 'problem',
      facts: { stage: 'greeting' },
    })
    const closed = await listener('554 closed today\r\n')
    expect(await visit(`smtp://127.0.0.1:${closed.port}`)).toMatchObject({ facts: { stage: 'greeting', code: '554' } })
  })
})

describe('providers', () => {
  const credentials = { GOCARDLESS_SECRET_ID: 'canary-id', GOCARDLESS_SECRET_KEY: 'canary-key' }

  it('without --live nobody is called', async () => {
    const watched = await listener()
    const findings = await bench.visit({ ...credentials, GOCARDLESS_BANK_DATA_URL: `http://127.0.0.1:${watched.port}` })
    expect(one(findings, 'providers.gocardless_bank_data').state).toBe('skipped')
    expect(one(findings, 'providers.gocardless_credentials').state).toBe('skipped')
    expect(one(findings, 'providers.stripe').state).toBe('skipped')
    expect(watched.visits()).toBe(0)
  })

  it('with --live: reached, and the credentials are tried by one list of banks', async () => {
    const bank = await startBank()
    opened.push(bank)
    const settings = {
      GOCARDLESS_BANK_DATA_URL: bank.url,
      GOCARDLESS_SECRET_ID: SANDBOX_CREDENTIALS.secretId,
      GOCARDLESS_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
    }
    const findings = await bench.visit(settings, { live: true })
    expect(one(findings, 'providers.gocardless_bank_data').state).toBe('ok')
    expect(one(findings, 'providers.gocardless_credentials')).toMatchObject({
      state: 'ok',
      facts: { institutions: expect.any(Number) },
    })
    const wrong = await bench.visit({ ...settings, ...credentials }, { live: true })
    const finding = one(wrong, 'providers.gocardless_credentials')
    expect(finding).toMatchObject({ state: 'problem', facts: { code: 'bad_credentials' } })
    expect(JSON.stringify(wrong)).not.toContain('canary')
  })

  it('with --live: where it cannot be reached, the stage says why', async () => {
    const away = await bench.visit({ ...credentials, GOCARDLESS_BANK_DATA_URL: 'http://127.0.0.1:9' }, { live: true })
    expect(one(away, 'providers.gocardless_bank_data')).toMatchObject({
      state: 'problem',
      facts: { stage: 'connect', code: 'ECONNREFUSED' },
    })
    expect(one(away, 'providers.gocardless_credentials').state).toBe('problem')
    const refused = await bench.visit({ GOCARDLESS_BANK_DATA_URL: 'https://127.0.0.1:9' }, { live: true })
    expect(one(refused, 'providers.gocardless_bank_data')).toMatchObject({
      state: 'problem',
      facts: { stage: 'blocked' },
    })
    expect(one(refused, 'providers.gocardless_credentials').state).toBe('skipped')
  })
})
