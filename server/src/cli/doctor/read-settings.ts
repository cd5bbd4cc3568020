import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type KeyRing, readKeyRing } from '../../base/envelope.ts'
import { UsageError } from '../../base/errors.ts'
import { type Config, readConfig, SETTINGS } from '../../config.ts'
import { readEnvFile } from './env-file.ts'
import { codeOf } from './finding.ts'

/** The settings as far as they can be read: one that is nonsense does not keep the rest from being looked at. */
export interface Settings {
  /** Nonsense is replaced by its default in here: ask `bad` before using a value. Undefined when nothing could be read. */
  config: Config | undefined
  /** By setting, the sentences that say why Payymo would not start with it. */
  bad: Map<string, string[]>
  /** Names that are set, by where they come from. */
  fromEnvironment: string[]
  fromEnvFile: string[]
  /** All values, `.env` included. */
  values: NodeJS.ProcessEnv
  /** What the settings say, also where production would refuse the rest of them. */
  stage: string
  keys: { from: 'settings' | 'data folder' | 'nowhere'; ring: KeyRing | undefined; fault?: string; mode?: number }
}

/** Read in production and named nowhere in the table: it is for the fault suites. */
const HIDDEN = ['PAYYMO_CRASH_POINT']
export const KNOWN: ReadonlySet<string> = new Set([...SETTINGS.map(({ name }) => name), ...HIDDEN])
/** Stands in for a key that has not been made yet, so that looking does not make one. It is never used. */
const NO_KEY = `none:${Buffer.alloc(32).toString('base64')}`
/** Each reading leaves out what the one before called nonsense. */
const READINGS_MAX = 4

/** Reads the settings without making anything: no data folder and no key, unlike a start. */
export function readSettings(environment: NodeJS.ProcessEnv, folder: string): Settings {
  const bad: Settings['bad'] = new Map()
  let file: Record<string, string> = {}
  try {
    file = readEnvFile(folder, environment)
  } catch (error) {
    bad.set('.env', [`.env cannot be read (${codeOf(error)})`])
  }
  const values = { ...file, ...environment }
  const set = (name: string) => Boolean(values[name]?.trim())
  const names = [...KNOWN].filter(set)
  const stage = values.PAYYMO_ENVIRONMENT?.trim() || 'development'
  let config: Config | undefined
  let tried: NodeJS.ProcessEnv = { ...values }
  for (let reading = 1; reading <= READINGS_MAX && !config; reading++) {
    if (!tried.PAYYMO_ENCRYPTION_KEYS?.trim() && tried.PAYYMO_ENVIRONMENT !== 'production')
      tried.PAYYMO_ENCRYPTION_KEYS = NO_KEY
    try {
      config = readConfig(tried)
    } catch (error) {
      if (!(error instanceof UsageError)) {
        // Reading looks at one thing of the machine: what lies at the data folder.
        bad.set('PAYYMO_DATA_DIR', [`PAYYMO_DATA_DIR cannot be looked at (${codeOf(error)})`])
        delete tried.PAYYMO_DATA_DIR
        continue
      }
      const faults = [...error.message.matchAll(/^ {2}- (([A-Z][A-Z0-9_]*) .*)$/gm)]
      for (const [, sentence, name] of faults) {
        if (!bad.has(name!) || reading === 1) bad.set(name!, [...(bad.get(name!) ?? []), sentence!])
        delete tried[name!]
      }
      // What production asks for and is not there is said once; the rest can still be read as elsewhere.
      if (stage === 'production') tried = { PAYYMO_SANDBOX: 'off', ...tried, PAYYMO_ENVIRONMENT: 'staging' }
      if (faults.length === 0) break
    }
  }
  if (config && stage === 'production') config = { ...config, environment: 'production' }
  return {
    config,
    bad,
    fromEnvironment: names.filter((name) => Boolean(environment[name]?.trim())),
    fromEnvFile: names.filter((name) => environment[name] === undefined),
    values,
    stage,
    keys: keysOf(config, values, bad),
  }
}

function keysOf(config: Config | undefined, values: NodeJS.ProcessEnv, bad: Settings['bad']): Settings['keys'] {
  if (values.PAYYMO_ENCRYPTION_KEYS?.trim()) {
    const usable = config && !bad.has('PAYYMO_ENCRYPTION_KEYS')
    return { from: 'settings', ring: usable ? config.keyRing : undefined }
  }
  if (!config || bad.has('PAYYMO_ENCRYPTION_KEYS') || bad.has('PAYYMO_DATA_DIR'))
    return { from: 'nowhere', ring: undefined }
  const file = join(config.dataDir, 'encryption-keys')
  try {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode
    if (mode === undefined) return { from: 'nowhere', ring: undefined }
    return { from: 'data folder', ring: readKeyRing(readFileSync(file, 'utf8').trim()), mode: mode & 0o777 }
  } catch (error) {
    const denied = (error as NodeJS.ErrnoException).code === 'EACCES'
    const fault = denied ? 'it may not be read by this user' : 'it holds no key'
    return { from: 'data folder', ring: undefined, fault }
  }
}
