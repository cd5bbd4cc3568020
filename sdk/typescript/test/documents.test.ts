import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp, TestTenant } from '../../../server/test/setup/app.ts'
import { newSecret, signatureHeaders } from '../../../server/src/webhooks/signing.ts'
import { listeningApp } from './setup.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const run = promisify(execFile)

/** The blocks of one language in a document, in order. */
const blocks = (path: string, language: string): string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , text]) => text!)

const snippets = ['sdk/typescript/README.md', 'docs/api.md'].flatMap((path) =>
  blocks(path, 'ts').map((text, index) => ({ name: `${path} #${index + 1}`, text })),
)

let app: TestApp & { url: string }
let tenant: TestTenant
let folder: string

beforeAll(async () => {
  app = await listeningApp()
  tenant = await app.tenant()
  folder = mkdtempSync(join(tmpdir(), 'payymo-sdk-'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  symlinkSync(join(root, 'sdk/typescript/src'), join(folder, 'src'))
  snippets.forEach(({ text }, index) =>
    writeFileSync(join(folder, `snippet-${index}.ts`), text.replaceAll("'@payymo/sdk'", "'./src/index.ts'")),
  )
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await app.stop()
})

const environment = () => ({
  PATH: process.env.PATH,
  PAYYMO_URL: app.url,
  PAYYMO_API_KEY: tenant.key,
  PAYYMO_KEY: tenant.key,
  NODE_NO_WARNINGS: '1',
})

describe('examples in TypeScript', () => {
  it('compile', async () => {
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')], preserveSymlinks: true },
      include: ['snippet-*.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = join(root, 'node_modules/typescript-native/bin/tsc')
    await expect(run(process.execPath, [compiler, '-p', folder])).resolves.toMatchObject({ stdout: '' })
  })

  it.each(snippets.map(({ name }, index) => [name, index] as const))('%s runs', async (_name, index) => {
    const { stderr } = await run(process.execPath, ['--preserve-symlinks', `snippet-${index}.ts`], {
      cwd: folder,
      env: environment(),
    })
    expect(stderr).toBe('')
  })

  it('the receiver of webhooks takes what is signed and nothing else', async () => {
    const index = snippets.findIndex(({ text }) => text.includes('export async function handle'))
    const secret = newSecret()
    const body = '{"id":"evt_1","event_type":"invoice.paid","data":{"number":"INV-1","total":12.50}}'
    const headers = signatureHeaders({
      eventId: 'evt_1',
      body,
      timestampSeconds: Math.floor(Date.now() / 1000),
      secrets: [secret],
    })
    writeFileSync(
      join(folder, 'receive.ts'),
      `import { handle } from './snippet-${index}.ts'
const headers = ${JSON.stringify(headers)}
const post = (body: string) => handle(new Request('http://receiver.example/', { method: 'POST', headers, body }))
console.log((await post(${JSON.stringify(body)})).status, (await post('{}')).status)
`,
    )
    const { stdout } = await run(process.execPath, ['--preserve-symlinks', 'receive.ts'], {
      cwd: folder,
      env: { ...environment(), PAYYMO_WEBHOOK_SECRET: secret },
    })
    expect(stdout).toBe('INV-1 12.50\n204 400\n')
  })
})

const tools = ['sh', 'curl', 'openssl'].filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)

// Without these programs the commands of the page cannot be tried.
describe.skipIf(tools.length > 0)('commands of docs/api.md', () => {
  it('do what the page says', async () => {
    const [settings, ...commands] = blocks('docs/api.md', 'sh')
    expect(settings).toMatch(/PAYYMO_URL=.*\n.*PAYYMO_KEY=/)
    const script = commands.map((text, index) => `echo; echo "== ${index}"\n${text}`).join('\n')
    const { stdout } = await run('sh', ['-eu', '-c', script], { cwd: folder, env: environment() })
    const answers = stdout.split(/\n== \d+\n/).slice(1)
    expect(answers).toHaveLength(5)
    expect(answers[0]).toContain('"total_items":')
    expect(answers[1]).toContain('"amount":1250.00')
    expect(answers[2]!.match(/"pagination"/g)).toHaveLength(2)
    expect(answers[3]).toContain('"code":"invalid_request"')
    expect(answers[4]).toMatch(/\b[0-9a-f]{64}\b/)
  })
})
