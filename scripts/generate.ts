// npm run generate: writes what is made from code (openapi.json, the generated part of sdk/typescript, server/schema.sql,
// docs/settings.md, docs/errors.md).
// With --check it writes nothing and fails when a committed file differs.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKeyRing } from '../server/src/base/envelope.ts'
import { silentLog } from '../server/src/base/log.ts'
import { readConfig, SETTINGS } from '../server/src/config.ts'
import { buildPayymo } from '../server/src/main.ts'
import { dumpSchema } from './dump-schema.ts'
import { errorsPage } from './errors-page.ts'
import { root } from './run.ts'
import { sdkFiles } from './sdk-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'payymo-generate-'))
chmodSync(folder, 0o755)
const config = readConfig({
  PAYYMO_DATA_DIR: folder,
  PAYYMO_ENCRYPTION_KEYS: `a:${randomBytes(32).toString('base64')}`,
  PAYYMO_SANDBOX: 'off',
})
const payymo = await buildPayymo(
  { ...config, keyRing: readKeyRing(`a:${randomBytes(32).toString('base64')}`) },
  silentLog,
)
const document = (await payymo.http.inject({ url: '/api/openapi.json' })).body
const schema = await dumpSchema(payymo.database.pool)
await payymo.stop()
rmSync(folder, { recursive: true, force: true })

const files: Record<string, string> = {
  'openapi.json': `${indented(document)}\n`,
  ...sdkFiles(document),
  'server/schema.sql': schema,
  'docs/settings.md': settingsPage(),
  'docs/errors.md': errorsPage(),
}
const checkOnly = process.argv.includes('--check')
const stale = Object.entries(files).filter(
  ([name, text]) => !existsSync(join(root, name)) || readFileSync(join(root, name), 'utf8') !== text,
)
for (const [name, text] of stale) {
  if (!checkOnly) writeFileSync(join(root, name), text)
  console.log(checkOnly ? `${name} is not what the code says: run npm run generate` : `wrote ${name}`)
}
process.exit(checkOnly && stale.length > 0 ? 1 : 0)

function settingsPage(): string {
  const rows = SETTINGS.map(
    ({ name, default: fallback, effect, secret }) =>
      `| \`${name}\` | ${fallback} | ${effect}${secret ? ' (secret)' : ''} |`,
  )
  return `# Settings\n\nFrom the environment only; in development also from \`.env\`. All are optional: with nothing set, \`npm start\` works.\nNonsense stops the start and names every bad setting at once. Made by \`npm run generate\` from \`server/src/config.ts\`.\n\n| name | default | effect |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** The same document, line by line. Amounts in examples keep their digits: `1250.00`. */
function indented(json: string): string {
  const keep = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined
      ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(context.source)
      : value
  return JSON.stringify(JSON.parse(json, keep), null, 2)
}
