import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDoctorBench, type DoctorBench, keysText, of, one } from '../../../test/setup/factories-doctor.ts'
import { SETTINGS } from '../../config.ts'
import { checkCombinations } from './combinations.ts'
import { readSettings } from './read-settings.ts'
import { checkSettings } from './settings.ts'

const CONFIG = new URL('../../config.ts', import.meta.url).href
let bench: DoctorBench
beforeEach(() => {
  bench = createDoctorBench()
})
afterEach(() => bench.close())

const read = (environment: NodeJS.ProcessEnv) =>
  readSettings({ PAYYMO_DATA_DIR: join(bench.folder, 'data'), ...environment }, bench.folder)

describe('settings', () => {
  it('with nothing set all is well, and looking makes neither folder nor key', async () => {
    const findings = await bench.visit()
    expect(findings.filter(({ state }) => state === 'problem' || state === 'warning')).toEqual([])
    expect(one(findings, 'database')).toMatchObject({ state: 'skipped' })
    expect(existsSync(join(bench.folder, 'data'))).toBe(false)
  })

  it('names all nonsense at once, and goes on with what can be read', async () => {
    const findings = await bench.visit({ PORT: '99999', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x', SMTP_URL: 'foo' })
    const bad = of(findings, 'settings.values')
    expect(bad.flatMap(({ facts }) => facts.settings)).toEqual(
      expect.arrayContaining(['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'SMTP_URL']),
    )
    expect(bad.every(({ state, next }) => state === 'problem' && next !== null)).toBe(true)
    expect(one(findings, 'database')).toMatchObject({ state: 'skipped' })
    expect(one(findings, 'smtp')).toMatchObject({ state: 'skipped' })
    expect(one(findings, 'data_folder.writable').state).toBe('ok')
  })

  it('says in production what is asked for there, without using the bundled database instead', async () => {
    const findings = await bench.visit({ PAYYMO_ENVIRONMENT: 'production' })
    const bad = of(findings, 'settings.values').flatMap(({ facts }) => facts.settings)
    expect(bad).toEqual(['DATABASE_URL', 'PAYYMO_ENCRYPTION_KEYS', 'PAYYMO_PUBLIC_URL'])
    expect(one(findings, 'settings.sources').facts.environment).toBe('production')
    expect(one(findings, 'database')).toMatchObject({ state: 'skipped' })
  })

  it('a data folder that is a file is a problem, and is left alone', async () => {
    const file = join(bench.folder, 'file')
    writeFileSync(file, 'mine')
    const findings = await bench.visit({ PAYYMO_DATA_DIR: file })
    expect(one(findings, 'settings.values')).toMatchObject({
      state: 'problem',
      facts: { settings: ['PAYYMO_DATA_DIR'] },
    })
    expect(one(findings, 'data_folder').state).toBe('skipped')
    expect(one(findings, 'database').state).toBe('skipped')
  })

  it('reads .env as the program does, and says what comes from it', () => {
    const key = keysText('k1')
    const text = `# mine\nexport PORT = 8099 \nLOG_LEVEL="warn"\nMAIL_FROM='A <a@example.com>'\nPAYYMO_ENCRYPTION_KEYS=${key}\nnot a line\n`
    writeFileSync(join(bench.folder, '.env'), text)
    const settings = read({ LOG_LEVEL: 'error' })
    expect(settings.config).toMatchObject({ port: 8099, logLevel: 'error', mailFrom: 'A <a@example.com>' })
    // The program itself, started there, reads the same.
    const program = `import { readConfig } from ${JSON.stringify(CONFIG)}
      const { port, logLevel, mailFrom, keyRing } = readConfig()
      console.log(JSON.stringify([port, logLevel, mailFrom, keyRing.primary]))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: bench.folder,
      env: { PATH: process.env.PATH, LOG_LEVEL: 'error' },
    })
    const { port, logLevel, mailFrom, keyRing } = settings.config!
    expect(JSON.parse(stdout.toString())).toEqual([port, logLevel, mailFrom, keyRing.primary])
    const { facts } = one(checkSettings(settings), 'settings.sources')
    expect(facts.from_env_file).toEqual(['PORT', 'PAYYMO_ENCRYPTION_KEYS', 'MAIL_FROM'])
    expect(facts.from_environment).toEqual(['PAYYMO_DATA_DIR', 'LOG_LEVEL'])
    expect(read({ PAYYMO_ENVIRONMENT: 'production' }).fromEnvFile).toEqual([])
  })

  it('a .env that cannot be read is named', () => {
    mkdirSync(join(bench.folder, '.env'))
    expect(checkSettings(read({}))).toContainEqual(
      expect.objectContaining({ state: 'problem', facts: { settings: ['.env'] } }),
    )
  })

  it('names what is like a setting and is none', () => {
    const said = one(checkSettings(read({ PAYYMO_OPERATR_KEY: 'x', PAYYMO_KEY: 'x', OTHER: 'x' })), 'settings.names')
    expect(said).toMatchObject({ state: 'warning', found: expect.stringContaining('PAYYMO_OPERATR_KEY') })
    expect(said.found).not.toMatch(/PAYYMO_KEY|OTHER/)
  })

  it('knows every setting of the table', () => {
    const named = Object.fromEntries(SETTINGS.map(({ name }) => [name, 'x']))
    expect(of(checkSettings(read({ ...named, PAYYMO_DATA_DIR: bench.folder })), 'settings.names')).toEqual([])
  })
})

describe('settings that do not work together', () => {
  const base = { DATABASE_URL: 'postgresql://db.example/payymo', PAYYMO_ENCRYPTION_KEYS: keysText('k1') }
  const credentials = { GOCARDLESS_SECRET_ID: 'id', GOCARDLESS_SECRET_KEY: 'key' }
  const stripe = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_CLIENT_ID: 'ca_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' }
  const reached = { PAYYMO_PUBLIC_URL: 'https://pay.example.com' }
  const inProduction = {
    ...base,
    ...reached,
    PAYYMO_ENVIRONMENT: 'production',
    SMTP_URL: 'smtp://mail.example.com',
    MAIL_FROM: 'a@example.com',
  }
  const bothModes = {
    STRIPE_SECRET_KEY: 'sk_live_1,sk_test_1',
    STRIPE_CLIENT_ID: 'ca_1,ca_2',
    STRIPE_WEBHOOK_SECRET: 'whsec_1,whsec_2',
  }
  it.each<[string, NodeJS.ProcessEnv, string, string[]]>([
    [
      'a client id of Stripe without a key',
      { STRIPE_CLIENT_ID: 'ca_1' },
      'problem',
      ['STRIPE_SECRET_KEY', 'STRIPE_CLIENT_ID'],
    ],
    [
      'a client id for live mode beside a key for test mode',
      { ...reached, ...stripe, STRIPE_CLIENT_ID: 'ca_1,ca_2' },
      'problem',
      ['STRIPE_SECRET_KEY', 'STRIPE_CLIENT_ID'],
    ],
    [
      'a secret of an endpoint without a key',
      { STRIPE_WEBHOOK_SECRET: 'whsec_1' },
      'warning',
      ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
    ],
    [
      'a key of Stripe without a client id',
      { ...reached, ...stripe, STRIPE_CLIENT_ID: '' },
      'warning',
      ['STRIPE_CLIENT_ID', 'STRIPE_SECRET_KEY'],
    ],
    [
      'a key of Stripe without the secret of an endpoint',
      { ...reached, ...stripe, STRIPE_WEBHOOK_SECRET: '' },
      'warning',
      ['STRIPE_WEBHOOK_SECRET', 'STRIPE_SECRET_KEY'],
    ],
    ['the real Stripe and this machine', stripe, 'warning', ['PAYYMO_PUBLIC_URL', 'STRIPE_SECRET_KEY']],
    [
      'only a test key in production',
      { ...inProduction, ...stripe },
      'warning',
      ['STRIPE_SECRET_KEY', 'PAYYMO_ENVIRONMENT'],
    ],
    [
      'redirects in production that Stripe refuses',
      { ...inProduction, ...bothModes, STRIPE_REDIRECT_URLS: 'https://a.example.com/x,http://b.example.com/x' },
      'warning',
      ['STRIPE_REDIRECT_URLS'],
    ],
    [
      'a plain Stripe in production',
      { ...inProduction, STRIPE_API_URL: 'http://stripe.example.com' },
      'problem',
      ['STRIPE_API_URL', 'PAYYMO_ENVIRONMENT'],
    ],
    ['links to 0.0.0.0', { HOST: '0.0.0.0' }, 'warning', ['PAYYMO_PUBLIC_URL', 'HOST']],
    ['a public http address', { PAYYMO_PUBLIC_URL: 'http://pay.example.com' }, 'warning', ['PAYYMO_PUBLIC_URL']],
    ['real banks and this machine', credentials, 'warning', ['PAYYMO_PUBLIC_URL', 'GOCARDLESS_SECRET_ID']],
    [
      'half of the credentials',
      { GOCARDLESS_SECRET_ID: 'id' },
      'problem',
      ['GOCARDLESS_SECRET_ID', 'GOCARDLESS_SECRET_KEY'],
    ],
    ['mail from localhost', { SMTP_URL: 'smtp://mail.example.com' }, 'warning', ['MAIL_FROM', 'SMTP_URL']],
    ['half a program on the bundled database', { PAYYMO_ROLE: 'worker' }, 'problem', ['PAYYMO_ROLE', 'DATABASE_URL']],
    [
      'a key that stays here',
      { DATABASE_URL: base.DATABASE_URL },
      'warning',
      ['PAYYMO_ENCRYPTION_KEYS', 'DATABASE_URL'],
    ],
    ['parted processes', { ...base, PAYYMO_ROLE: 'api' }, 'warning', ['PAYYMO_ROLE', 'PAYYMO_DATA_DIR']],
    ['scaled time', { PAYYMO_TIME_SCALE: '60' }, 'warning', ['PAYYMO_TIME_SCALE']],
    ['a crash point', { PAYYMO_CRASH_POINT: 'after_intent' }, 'problem', ['PAYYMO_CRASH_POINT']],
    [
      'no mail in production',
      { ...base, PAYYMO_ENVIRONMENT: 'production', PAYYMO_PUBLIC_URL: 'https://pay.example.com' },
      'warning',
      ['SMTP_URL'],
    ],
    [
      'a plain provider in production',
      {
        ...base,
        PAYYMO_ENVIRONMENT: 'production',
        PAYYMO_PUBLIC_URL: 'https://pay.example.com',
        SMTP_URL: 'smtp://mail.example.com',
        MAIL_FROM: 'a@example.com',
        GOCARDLESS_BANK_DATA_URL: 'http://bank.example.com',
      },
      'problem',
      ['GOCARDLESS_BANK_DATA_URL', 'PAYYMO_ENVIRONMENT'],
    ],
  ])('%s', (_what, environment, state, settings) => {
    expect(checkCombinations(read(environment))).toMatchObject([{ state, facts: { settings } }])
  })

  it.each([
    ['both modes in production', { ...inProduction, ...bothModes, STRIPE_REDIRECT_URLS: 'https://a.example.com/x' }],
    ['test mode alone elsewhere', { ...reached, ...stripe }],
  ])('has nothing against Stripe in %s', (_what, environment) => {
    expect(checkCombinations(read(environment))).toMatchObject([{ state: 'ok' }])
  })

  it('says nothing of a setting that is nonsense already', () => {
    expect(checkCombinations(read({ PAYYMO_TIME_SCALE: '-1' }))).toMatchObject([{ state: 'ok' }])
  })
})
