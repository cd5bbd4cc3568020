import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { type KeyRing, readKeyRing } from './base/envelope.ts'
import { UsageError } from './base/errors.ts'
import { Secret } from './base/secret.ts'
import { readStripe, type StripeSettings } from './config-stripe.ts'

/** Every setting, read once. This file is the only reader of the environment (contract 2). */
export interface Config {
  host: string
  port: number
  /** Whether this process listens: a worker only where PORT is set, since processes on one machine share the default. */
  listens: boolean
  publicUrl: string
  environment: 'development' | 'staging' | 'production'
  dataDir: string
  databaseUrl: string | undefined
  redisUrl: string | undefined
  role: 'all' | 'api' | 'worker'
  keyRing: KeyRing
  operatorKey: Secret | undefined
  sandbox: boolean
  allowedPrivateHosts: string[]
  timeScale: number
  gocardlessBankDataUrl: string
  gocardlessSecretId: string | undefined
  gocardlessSecretKey: Secret | undefined
  stripe: StripeSettings
  smtpUrl: Secret | undefined
  mailFrom: string
  /** Overrides of contract 3.5, calls per minute. */
  rateLimits: Partial<Record<RateLimitName, number>>
  otlpEndpoint: string | undefined
  logLevel: string
  /** Names the point at which a payment worker kills itself; for the fault suites, refused in production. */
  crashPoint: string | undefined
}

/** The limits an operator may set. */
export const RATE_LIMIT_NAMES = ['standard', 'premium', 'transactions', 'bank_connections'] as const
export type RateLimitName = (typeof RATE_LIMIT_NAMES)[number]

interface Setting {
  name: string
  default: string
  effect: string
  secret?: boolean
}

/** The settings this version reads; docs/settings.md is made from this table. */
export const SETTINGS: Setting[] = [
  { name: 'HOST', default: '127.0.0.1', effect: 'Address to listen on' },
  {
    name: 'PORT',
    default: '8080',
    effect: 'Port to listen on; 0 takes a free one. A `worker` listens only where it is set',
  },
  { name: 'PAYYMO_PUBLIC_URL', default: 'http://HOST:PORT', effect: 'How browsers and providers reach Payymo' },
  {
    name: 'PAYYMO_ENVIRONMENT',
    default: 'development',
    effect:
      '`development`, `staging` or `production`; production asks for DATABASE_URL, PAYYMO_ENCRYPTION_KEYS and an https public URL, and refuses private targets and simulators',
  },
  { name: 'PAYYMO_DATA_DIR', default: '.payymo', effect: 'Embedded database, generated keys, outgoing mail' },
  { name: 'DATABASE_URL', default: 'embedded', effect: 'A PostgreSQL server, version 15 or newer', secret: true },
  { name: 'PAYYMO_ROLE', default: 'all', effect: '`all`, `api` or `worker`: several processes may share one database' },
  {
    name: 'PAYYMO_ENCRYPTION_KEYS',
    default: 'generated into the data folder (development)',
    effect: '`id:base64 of 32 bytes`, comma-separated, the first is primary',
    secret: true,
  },
  {
    name: 'PAYYMO_OPERATOR_KEY',
    default: 'none',
    effect: 'Accepted as an operator API key with all permissions: 32 or more printable characters without spaces',
    secret: true,
  },
  { name: 'PAYYMO_SANDBOX', default: 'on outside production', effect: '`on`: sandbox tenant and simulators; `off`' },
  {
    name: 'PAYYMO_ALLOWED_PRIVATE_HOSTS',
    default: 'none',
    effect:
      '`host:port` list that outbound calls may reach although private, and over plain http; refused in production',
  },
  { name: 'PAYYMO_TIME_SCALE', default: '1', effect: 'Divides planned waits; development and tests only' },
  {
    name: 'GOCARDLESS_BANK_DATA_URL',
    default: 'https://bankaccountdata.gocardless.com',
    effect: 'Bank data base URL without path',
  },
  { name: 'GOCARDLESS_SECRET_ID', default: 'none', effect: 'Platform credentials of GoCardless Bank Account Data' },
  {
    name: 'GOCARDLESS_SECRET_KEY',
    default: 'none',
    effect: 'Platform credentials of GoCardless Bank Account Data',
    secret: true,
  },
  { name: 'STRIPE_API_URL', default: 'https://api.stripe.com', effect: 'Stripe API base URL without path' },
  {
    name: 'STRIPE_CONNECT_URL',
    default: 'https://connect.stripe.com',
    effect: 'Base URL, without path, of the pages on which a merchant connects an account',
  },
  {
    name: 'STRIPE_SECRET_KEY',
    default: 'none',
    effect: 'Secret keys of the platform, live and test, comma-separated (`sk_live_…,sk_test_…`); one is enough',
    secret: true,
  },
  {
    name: 'STRIPE_CLIENT_ID',
    default: 'none',
    effect: 'Client ids of the platform (`ca_…`): live, then test. One alone belongs to the mode of a lone secret key',
  },
  {
    name: 'STRIPE_WEBHOOK_SECRET',
    default: 'none',
    effect: 'Secrets of the Connect endpoint `/webhooks/stripe` (`whsec_…`): live, then test, as with the client ids',
    secret: true,
  },
  {
    name: 'STRIPE_REDIRECT_URLS',
    default: 'none',
    effect: 'Redirect addresses registered at Stripe, comma-separated; to others Payymo redirects itself',
  },
  {
    name: 'REDIS_URL',
    default: 'none',
    effect:
      'Shared rate-limit counters and wake-ups for several processes; without it the database does both. Nothing that may not be lost is kept there',
    secret: true,
  },
  {
    name: 'PAYYMO_RATE_LIMITS',
    default: 'none',
    effect:
      'Calls per minute, any of `{"standard":1000,"premium":5000,"transactions":200,"bank_connections":50}`, as JSON',
  },
  {
    name: 'SMTP_URL',
    default: 'none',
    effect: 'Server for outgoing mail; without it mails are files in PAYYMO_DATA_DIR/outbox/, shown at /outbox',
    secret: true,
  },
  { name: 'MAIL_FROM', default: 'Payymo <no-reply@localhost>', effect: 'Sender of mails' },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: 'none',
    effect: 'Where traces and metrics go by OpenTelemetry (OTLP over HTTP); `/metrics` serves Prometheus either way',
  },
  { name: 'LOG_LEVEL', default: 'info', effect: '`debug`, `info`, `warn`, `error` or `silent`' },
]

/** Reads and judges all settings. Throws UsageError that names every bad one at once. `.env` is read in development. */
export function readConfig(environment: NodeJS.ProcessEnv = withDotEnv(process.env)): Config {
  const faults: string[] = []
  const text = (name: string) => environment[name]?.trim() || undefined
  const oneOf = <T extends string>(name: string, values: readonly T[], fallback: T): T => {
    const value = text(name) ?? fallback
    if (!values.includes(value as T)) faults.push(`${name} must be one of ${values.join(', ')}, not "${value}"`)
    return value as T
  }
  const url = (name: string, fallback: string): string => {
    const value = text(name) ?? fallback
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
      faults.push(`${name} must be an http or https URL, not "${value}"`)
    return value.replace(/\/+$/, '')
  }

  const stage = oneOf('PAYYMO_ENVIRONMENT', ['development', 'staging', 'production'], 'development')
  const production = stage === 'production'
  const host = text('HOST') ?? '127.0.0.1'
  if (isIP(host) === 0 && !/^[a-z\d-]+(\.[a-z\d-]+)*$/i.test(host))
    faults.push(`HOST must be an address or a host name, not "${host}"`)
  const portText = text('PORT') ?? '8080'
  const port = /^\d{1,5}$/.test(portText) ? Number.parseInt(portText, 10) : -1
  if (port < 0 || port > 65_535) faults.push(`PORT must be a number from 0 to 65535, not "${portText}"`)
  const publicUrl = url('PAYYMO_PUBLIC_URL', `http://${host.includes(':') ? `[${host}]` : host}:${Math.max(port, 0)}`)
  const dataDir = resolve(text('PAYYMO_DATA_DIR') ?? '.payymo')
  if (statSync(dataDir, { throwIfNoEntry: false })?.isDirectory() === false)
    faults.push(`PAYYMO_DATA_DIR must be a folder; ${dataDir} is a file`)
  const databaseUrl = text('DATABASE_URL')
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl))
    faults.push('DATABASE_URL must begin with postgresql://')
  const redisUrl = text('REDIS_URL')
  const allowedPrivateHosts = (text('PAYYMO_ALLOWED_PRIVATE_HOSTS') ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
  for (const entry of allowedPrivateHosts) {
    if (!/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/.test(entry))
      faults.push(`PAYYMO_ALLOWED_PRIVATE_HOSTS must hold host:port entries; "${entry}" is none`)
  }
  const operatorKey = text('PAYYMO_OPERATOR_KEY')
  if (operatorKey !== undefined && !/^[\x21-\x7e]{32,}$/.test(operatorKey)) {
    faults.push('PAYYMO_OPERATOR_KEY must have 32 or more printable characters without spaces')
  }
  const scaleText = text('PAYYMO_TIME_SCALE') ?? '1'
  const timeScale = /^\d{1,6}(\.\d+)?$/.test(scaleText) ? Number(scaleText) : 0
  if (timeScale < 1) faults.push(`PAYYMO_TIME_SCALE must be a number of 1 or more, not "${scaleText}"`)
  const smtpUrl = text('SMTP_URL')
  if (smtpUrl !== undefined && !/^smtps?:\/\/./.test(smtpUrl))
    faults.push('SMTP_URL must begin with smtp:// or smtps://')
  const mailFrom = text('MAIL_FROM') ?? 'Payymo <no-reply@localhost>'
  if (!/^([^<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(mailFrom))
    faults.push(`MAIL_FROM must be an address such as "Payymo <no-reply@example.com>", not "${mailFrom}"`)
  if (redisUrl !== undefined && !/^rediss?:\/\/./.test(redisUrl))
    faults.push('REDIS_URL must begin with redis:// or rediss://')
  const otlpEndpoint = text('OTEL_EXPORTER_OTLP_ENDPOINT')
  if (otlpEndpoint !== undefined) url('OTEL_EXPORTER_OTLP_ENDPOINT', otlpEndpoint)
  const rateLimits = readRateLimits(text('PAYYMO_RATE_LIMITS'), faults)
  const sandboxWord = oneOf('PAYYMO_SANDBOX', ['on', 'off'], production ? 'off' : 'on')
  const keysText = text('PAYYMO_ENCRYPTION_KEYS')
  let keyRing: KeyRing | undefined
  if (keysText !== undefined) {
    try {
      keyRing = readKeyRing(keysText)
    } catch (error) {
      faults.push((error as Error).message)
    }
  }
  if (production) {
    if (databaseUrl === undefined) faults.push('DATABASE_URL is required in production')
    if (keysText === undefined) faults.push('PAYYMO_ENCRYPTION_KEYS is required in production')
    if (!publicUrl.startsWith('https://')) faults.push('PAYYMO_PUBLIC_URL must be an https URL in production')
    if (allowedPrivateHosts.length > 0) faults.push('PAYYMO_ALLOWED_PRIVATE_HOSTS is refused in production')
    if (sandboxWord === 'on') faults.push('PAYYMO_SANDBOX must be off in production')
    if (timeScale !== 1) faults.push('PAYYMO_TIME_SCALE is for development and tests only')
    if (text('PAYYMO_CRASH_POINT') !== undefined) faults.push('PAYYMO_CRASH_POINT is for tests only')
  }
  const role = oneOf('PAYYMO_ROLE', ['all', 'api', 'worker'], 'all')
  const config = {
    host,
    port,
    listens: role !== 'worker' || text('PORT') !== undefined,
    publicUrl,
    environment: stage,
    dataDir,
    databaseUrl,
    redisUrl,
    role,
    operatorKey: operatorKey === undefined ? undefined : new Secret(operatorKey),
    sandbox: sandboxWord === 'on',
    allowedPrivateHosts,
    timeScale,
    gocardlessBankDataUrl: url('GOCARDLESS_BANK_DATA_URL', 'https://bankaccountdata.gocardless.com'),
    gocardlessSecretId: text('GOCARDLESS_SECRET_ID'),
    gocardlessSecretKey:
      text('GOCARDLESS_SECRET_KEY') === undefined ? undefined : new Secret(text('GOCARDLESS_SECRET_KEY')!),
    stripe: readStripe({ text, url, faults }),
    smtpUrl: smtpUrl === undefined ? undefined : new Secret(smtpUrl),
    mailFrom,
    rateLimits,
    otlpEndpoint,
    crashPoint: text('PAYYMO_CRASH_POINT'),
    logLevel: oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  }
  if (faults.length > 0) {
    throw new UsageError(
      `Payymo cannot start with these settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    )
  }
  return { ...config, keyRing: keyRing ?? generatedKeyRing(dataDir) }
}

function readRateLimits(text: string | undefined, faults: string[]): Config['rateLimits'] {
  if (text === undefined) return {}
  try {
    const limits = JSON.parse(text) as Record<string, unknown>
    const wrong = Object.entries(limits).filter(
      ([name, value]) =>
        !(RATE_LIMIT_NAMES as readonly string[]).includes(name) ||
        !Number.isInteger(value) ||
        (value as number) < 1 ||
        (value as number) > 1_000_000,
    )
    if (!Array.isArray(limits) && wrong.length === 0) return limits
  } catch {
    // Falls through: the sentence below says what is wanted.
  }
  faults.push(
    `PAYYMO_RATE_LIMITS must be JSON with whole numbers from 1 to 1000000 for any of ${RATE_LIMIT_NAMES.join(', ')}`,
  )
  return {}
}

/** Development only: a key made once and kept in the data folder, readable by its owner alone. */
function generatedKeyRing(dataDir: string): KeyRing {
  const file = join(dataDir, 'encryption-keys')
  mkdirSync(dataDir, { recursive: true })
  if (!existsSync(file)) {
    try {
      writeFileSync(file, `local:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error
    }
  }
  return readKeyRing(readFileSync(file, 'utf8').trim())
}

/** `.env` of the working directory, where the environment does not say otherwise. Not in production. */
function withDotEnv(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (environment.PAYYMO_ENVIRONMENT === 'production' || !existsSync('.env')) return environment
  const lines = readFileSync('.env', 'utf8').split('\n')
  const pairs = lines.flatMap((line) => {
    const parts = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line)
    return parts ? [[parts[1]!, parts[2]!.replace(/^(["'])(.*)\1$/, '$2')] as const] : []
  })
  return { ...Object.fromEntries(pairs), ...environment }
}
