import type { Config } from '../../config.ts'
import { type Combination, isLoopback } from './combination.ts'
import { stripeCombinations } from './combinations-stripe.ts'
import { about, type Facts, type Finding } from './finding.ts'
import type { Settings } from './read-settings.ts'

/** Settings that are each fine and do not work together. */
export function checkCombinations({ config, bad, values }: Settings): Finding[] {
  const check = about('settings.together')
  if (!config) return [check.skipped('The settings could not be read.')]
  const set = (name: string) => Boolean(values[name]?.trim())
  const found = [
    ...addresses(config, set),
    ...providers(config),
    ...stripeCombinations(config),
    ...mail(config, set),
    ...processes(config, set),
  ].filter(({ settings }) => !settings.some((name) => bad.has(name)))
  if (found.length === 0) return [check.ok('No setting works against another.')]
  return found.map(({ state, settings, found: sentence, next }) => {
    const facts: Facts = { settings }
    return check[state](sentence, next, facts)
  })
}

function addresses(config: Config, set: (name: string) => boolean): Combination[] {
  const { publicUrl, host } = config
  const settings = ['PAYYMO_PUBLIC_URL']
  const found: Combination[] = []
  if (!set('PAYYMO_PUBLIC_URL') && /^(0\.0\.0\.0|::)$/.test(host)) {
    found.push({
      state: 'warning',
      settings: ['PAYYMO_PUBLIC_URL', 'HOST'],
      found: `HOST is ${host} and PAYYMO_PUBLIC_URL is not set, so that links would lead to ${publicUrl}.`,
      next: 'Set PAYYMO_PUBLIC_URL to the address that browsers and banks reach Payymo at.',
    })
  } else if (publicUrl.startsWith('http:') && !isLoopback(publicUrl)) {
    found.push({
      state: 'warning',
      settings,
      found:
        'PAYYMO_PUBLIC_URL is http: sign-ins travel readable, and behind a proxy that speaks https its X-Forwarded-For is not believed, so that all callers share one address.',
      next: 'Set PAYYMO_PUBLIC_URL to the https address that browsers see.',
    })
  }
  const called = config.gocardlessSecretId !== undefined && config.gocardlessSecretKey !== undefined
  if (called && isLoopback(publicUrl) && !isLoopback(config.gocardlessBankDataUrl)) {
    found.push({
      state: 'warning',
      settings: ['PAYYMO_PUBLIC_URL', 'GOCARDLESS_SECRET_ID'],
      found: 'PAYYMO_PUBLIC_URL leads to this machine only, and real banks send people back to it after they consent.',
      next: 'Set PAYYMO_PUBLIC_URL to an address that those people reach.',
    })
  }
  return found
}

function providers(config: Config): Combination[] {
  const found: Combination[] = []
  const { gocardlessSecretId: id, gocardlessSecretKey: key } = config
  if ((id === undefined) !== (key === undefined)) {
    found.push({
      state: 'problem',
      settings: ['GOCARDLESS_SECRET_ID', 'GOCARDLESS_SECRET_KEY'],
      found: 'Of GOCARDLESS_SECRET_ID and GOCARDLESS_SECRET_KEY only one is set, so neither is used.',
      next: 'Set both, or neither.',
    })
  }
  if (config.environment === 'production' && config.gocardlessBankDataUrl.startsWith('http:')) {
    found.push({
      state: 'problem',
      settings: ['GOCARDLESS_BANK_DATA_URL', 'PAYYMO_ENVIRONMENT'],
      found: 'GOCARDLESS_BANK_DATA_URL is http, and production calls nobody without TLS.',
      next: 'Set an https address, or remove the setting.',
    })
  }
  return found
}

function mail(config: Config, set: (name: string) => boolean): Combination[] {
  if (config.smtpUrl === undefined) {
    if (config.environment !== 'production') return []
    return [
      {
        state: 'warning',
        settings: ['SMTP_URL'],
        found:
          'SMTP_URL is not set: in production mails are files that reach nobody, invitations and alerts among them.',
        next: 'Set SMTP_URL and MAIL_FROM.',
      },
    ]
  }
  if (set('MAIL_FROM')) return []
  return [
    {
      state: 'warning',
      settings: ['MAIL_FROM', 'SMTP_URL'],
      found: `SMTP_URL is set and MAIL_FROM is not: mails would come from ${config.mailFrom}, which servers refuse.`,
      next: 'Set MAIL_FROM to an address of yours.',
    },
  ]
}

function processes(config: Config, set: (name: string) => boolean): Combination[] {
  const found: Combination[] = []
  const parted = config.role !== 'all'
  if (parted && config.databaseUrl === undefined) {
    found.push({
      state: 'problem',
      settings: ['PAYYMO_ROLE', 'DATABASE_URL'],
      found: `PAYYMO_ROLE is ${config.role} and the database is the bundled one, which serves a single process: the other half of the work has nobody.`,
      next: 'Set DATABASE_URL on all processes, or PAYYMO_ROLE to all.',
    })
  }
  if (config.databaseUrl !== undefined && !set('PAYYMO_ENCRYPTION_KEYS')) {
    found.push({
      state: parted ? 'problem' : 'warning',
      settings: ['PAYYMO_ENCRYPTION_KEYS', 'DATABASE_URL'],
      found:
        'PAYYMO_ENCRYPTION_KEYS is not set: the key lies in this data folder, and no other process on this database has it.',
      next: 'Copy the line of encryption-keys in the data folder into PAYYMO_ENCRYPTION_KEYS, the same for every process.',
    })
  }
  if (config.databaseUrl !== undefined && parted) {
    found.push({
      state: 'warning',
      settings: ['PAYYMO_ROLE', 'PAYYMO_DATA_DIR'],
      found: `PAYYMO_ROLE is ${config.role}: audit heads, exports${config.smtpUrl === undefined ? ' and mails' : ''} that workers write are read by the processes that serve.`,
      next: 'Where they run on several machines, let PAYYMO_DATA_DIR be one shared folder. If it is, nothing is to be done.',
    })
  }
  if (config.timeScale !== 1) {
    found.push({
      state: 'warning',
      settings: ['PAYYMO_TIME_SCALE'],
      found: `PAYYMO_TIME_SCALE is ${config.timeScale}: waits that protect banks and WHMCS are shortened.`,
      next: 'Remove it, unless this is a test.',
    })
  }
  if (config.crashPoint !== undefined) {
    found.push({
      state: 'problem',
      settings: ['PAYYMO_CRASH_POINT'],
      found: 'PAYYMO_CRASH_POINT is set: a process that pays ends itself there.',
      next: 'Remove it, unless this is a test.',
    })
  }
  return found
}
