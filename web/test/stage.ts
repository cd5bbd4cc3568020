import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const START_DEADLINE_MS = 90_000

/** The whole program as `npm start` runs it, with the sandbox company's month behind it, an owner who can sign in, and a browser. */
export interface Stage {
  origin: string
  /** API key of the sandbox company. */
  key: string
  owner: { email: string; password: string }
  browser: Browser
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  /** A browser that is signed in, of this size and these wishes. */
  signedIn(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>
  stop(): Promise<void>
}

export async function setStage(settings: Record<string, string> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-stage-'))
  const { child, origin, key } = await startProgram(folder, settings)
  const api: Stage['api'] = async (method, path, body) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
  }
  const owner = { email: 'ada@example.com', password: 'quiet harbour lights' }
  await api('POST', '/users', { email: owner.email, name: 'Ada Holm', role: 'owner' })
  const token = await readToken(join(folder, 'outbox'))
  const accepted = await fetch(`${origin}/auth/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: owner.password }),
  })
  if (accepted.status !== 204) {
    child.kill('SIGINT')
    throw new Error(`the invitation was not accepted: ${accepted.status} ${await accepted.text()}`)
  }
  const browser = await chromium.launch({
    executablePath: process.env.PAYYMO_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  return {
    origin,
    key,
    owner,
    browser,
    api,
    signedIn: async (options = {}) => {
      const context = await browser.newContext({ baseURL: origin, ...options })
      const page = await context.newPage()
      await page.goto('/sign-in')
      await page.locator('input[name=email]').fill(owner.email)
      await page.locator('input[name=password]').fill(owner.password)
      await page.locator('button[type=submit]').click()
      await page.waitForURL((url) => url.pathname !== '/sign-in')
      await page.close()
      return context
    },
    stop: async () => {
      await browser.close()
      child.kill('SIGINT')
      await new Promise((resolve) => child.once('exit', resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function startProgram(
  folder: string,
  settings: Record<string, string>,
): Promise<{ child: ChildProcess; origin: string; key: string }> {
  const child = spawn(process.execPath, ['--disable-proto=delete', join(ROOT, 'server/src/cli/start.ts')], {
    cwd: ROOT,
    env: { ...process.env, PAYYMO_DATA_DIR: folder, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => reject(new Error(`the program did not get ready:\n${said}`)), START_DEADLINE_MS)
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (!said.includes('Stop  ')) return
      clearTimeout(timer)
      const origin = /Ready on (\S+)/.exec(said)![1]!
      const key = /API key +(pk_test_\w+)/.exec(said)![1]!
      resolve({ child, origin, key })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (status) => reject(new Error(`the program ended with ${status}:\n${said}`)))
  })
}

/** The invitation as its mail holds it. */
async function readToken(outbox: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      for (const name of readdirSync(outbox)) {
        const text = readFileSync(join(outbox, name), 'utf8')
          .replaceAll(/=\r?\n/g, '')
          .replaceAll('=3D', '=')
        const found = /\/auth\/accept\?token=([\w-]+)/.exec(text)
        if (found) return found[1]!
      }
    } catch {
      // The folder comes with the first mail.
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('no invitation came')
}
