import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), '../src')

/** What each folder may import, besides itself. Slices reach each other through index.ts only. */
const ALLOWED: Record<string, string[]> = {
  base: [],
  database: ['base'],
  jobs: ['base', 'database'],
  events: ['base', 'database', 'jobs'],
  outbound: ['base'],
  http: ['base', 'database', 'jobs', 'events'],
  matching: [],
  statements: ['base'],
  limits: ['base', 'database', 'http'],
  idempotency: ['base', 'database', 'events', 'http'],
  telemetry: ['base', 'database', 'jobs', 'events', 'http'],
  'api-docs': ['base', 'http'],
  dashboard: ['base', 'http'],
  mail: ['base', 'database', 'jobs', 'events', 'http'],
  access: ['base', 'database', 'jobs', 'events', 'http', 'mail'],
  providers: ['base', 'database', 'jobs', 'events', 'http'],
  alerts: ['base', 'database', 'jobs', 'events', 'http', 'mail'],
  transactions: ['base', 'database', 'jobs', 'events', 'http'],
  banking: ['base', 'database', 'jobs', 'events', 'http', 'outbound', 'transactions', 'statements'],
  billing: ['base', 'database', 'jobs', 'events', 'http', 'outbound', 'transactions'],
  reconciliation: ['base', 'database', 'jobs', 'events', 'http', 'transactions', 'billing', 'matching', 'access'],
  webhooks: ['base', 'database', 'jobs', 'events', 'http', 'outbound'],
  stripe: ['base', 'database', 'jobs', 'events', 'http', 'outbound', 'transactions'],
}
/** Folders that are slices: what others use of them stands in index.ts. */
const SLICES = new Set([
  'access',
  'alerts',
  'api-docs',
  'dashboard',
  'idempotency',
  'limits',
  'mail',
  'providers',
  'telemetry',
  'transactions',
  'banking',
  'billing',
  'reconciliation',
  'webhooks',
  'stripe',
  'matching',
  'statements',
  'outbound',
])
/** Start-up code joins everything. */
const JOINERS = new Set([
  'main.ts',
  'join-slices.ts',
  'config.ts',
  'config-stripe.ts',
  'foundation.ts',
  'provider-wiring.ts',
  'cli',
  'first-run',
])

interface Import {
  file: string
  folder: string
  target: string
  targetFolder: string
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const production = files.filter((file) => !file.endsWith('.test.ts'))
const imports: Import[] = production.flatMap((file) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, path]) => {
    const target = relative(SRC, resolve(dirname(join(SRC, file)), path!))
    return { file, folder: file.split('/')[0]!, target, targetFolder: target.split('/')[0]! }
  }),
)

describe('architecture', () => {
  it('folders import only what lies below them', () => {
    const wrong = imports.filter(
      ({ folder, targetFolder }) =>
        folder !== targetFolder && !JOINERS.has(folder) && !(ALLOWED[folder] ?? []).includes(targetFolder),
    )
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  it('slices reach each other through index.ts only', () => {
    const wrong = imports.filter(
      ({ folder, target, targetFolder }) =>
        folder !== targetFolder && SLICES.has(targetFolder) && target !== `${targetFolder}/index.ts`,
    )
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  it('no file is dead: everything is imported by something that runs', () => {
    const reached = new Set(['cli/start.ts', 'cli/payymo.ts'])
    const queue = [...reached]
    // Scripts of the repository count as running too.
    const scripts = resolve(SRC, '../../scripts')
    for (const script of readdirSync(scripts, { recursive: true, encoding: 'utf8' })) {
      if (!/\.m?ts$/.test(script)) continue
      for (const [, path] of readFileSync(join(scripts, script), 'utf8').matchAll(
        /from '(?:\.\.\/)+server\/src\/([^']+)'/g,
      )) {
        reached.add(path!)
        queue.push(path!)
      }
    }
    const workers = production.filter(
      (file) => /worker(-entry)?\.ts$/.test(file) && readFileSync(join(SRC, file), 'utf8').includes('parentPort'),
    )
    queue.push(...workers)
    for (const file of queue) {
      for (const { target } of imports.filter((one) => one.file === file)) {
        if (!reached.has(target)) {
          reached.add(target)
          queue.push(target)
        }
      }
    }
    expect(production.filter((file) => !reached.has(file) && !workers.includes(file))).toEqual([])
  })

  it('only config.ts reads the environment', () => {
    const readers = production.filter((file) => /process\.env/.test(readFileSync(join(SRC, file), 'utf8')))
    // The embedded server hands PATH on to the programs it starts.
    expect(
      readers.filter((file) => file !== 'config.ts' && file !== 'database/embedded.ts' && !file.startsWith('cli/')),
    ).toEqual([])
  })

  it('nothing but outbound/ goes outside, and no amount becomes a float', () => {
    const wrong = production.flatMap((file) => {
      const text = readFileSync(join(SRC, file), 'utf8').replaceAll(/^import type .*$/gm, '')
      // The page of the first run holds a script for the browser, which fetches the page itself.
      const exempt = file.startsWith('outbound/') || file.startsWith('cli/') || file === 'first-run/page.ts'
      const clients = !exempt && /from '(undici|node:https?|axios|got)'|\bfetch\(/.test(text)
      const floats = /parseFloat|\.toFixed\(2\)\s*\*|Number\([a-zA-Z.]*[aA]mount/.test(text)
      return clients || floats ? [file] : []
    })
    expect(wrong).toEqual([])
  })

  it('no session-level SET reaches a pooled connection', () => {
    const wrong = production.filter((file) =>
      /query\(\s*[`'"]set (?!local)/i.test(readFileSync(join(SRC, file), 'utf8')),
    )
    // The migrator destroys its connection afterwards.
    expect(wrong.filter((file) => file !== 'database/migrate.ts')).toEqual([])
  })
})
