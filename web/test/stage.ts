import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

const PASSWORD = 'quiet harbour lights'
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The first month takes half a minute, on a machine with much else to do many times that. */
const START_DEADLINE_MS = 300_000

/** A session serves the browsers of so long: signing in is limited, and some changes want a password that was typed lately. */
const SESSION_MS = 240_000

/** The suite seeds and asks by the sandbox company's key, quicker than any customer may: limits have a suite of their own. */
const NO_LIMITS = JSON.stringify(
  Object.fromEntries(['standard', 'premium', 'transactions', 'bank_connections'].map((name) => [name, 1_000_000])),
)

export interface Person {
  email: string
  password: string
}

/** The whole program as `npm start` runs it, with the sandbox company's month behind it, an owner who can sign in, and a browser. */
export interface Stage {
  origin: string
  /** API key of the sandbox company. */
  key: string
  /** The data folder. */
  folder: string
  owner: Person
  /** The link of the terminal, by which whoever reads it becomes the first owner. */
  comeIn: string | undefined
  browser: Browser
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  /** A browser that is signed in, of this size and these wishes; as the owner, unless somebody else is given. */
  signedIn(options?: Parameters<Browser['newContext']>[0], as?: Person): Promise<BrowserContext>
  /** Invites somebody into the sandbox company; the address of the page that the mail leads to. */
  invitation(email: string, name: string): Promise<string>
  /** Invites somebody into the sandbox company, and has them choose a password. */
  invite(email: string, name: string, role: string): Promise<Person>
  /** Has somebody run the installation, as the command line does it. */
  inviteOperator(email: string): Promise<Person>
  stop(): Promise<void>
}

/** Debian's Chromium, or the one `PAYYMO_CHROMIUM` names; undefined where there is none. */
export function findChromium(): string | undefined {
  const wanted = process.env.PAYYMO_CHROMIUM ?? 'chromium'
  const places = wanted.includes('/')
    ? [wanted]
    : (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, wanted))
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** A program that runs already, as `node web/test/stand.ts` tells it in the setting PAYYMO_STAGE: who writes tests need not wait for
 *  a new one each time. */
export interface Standing {
  origin: string
  key: string
  folder: string
  owner?: Person
  /** The link of the terminal, by which whoever reads it becomes the first owner. */
  comeIn?: string
}

export async function setStage(settings: Record<string, string> = {}): Promise<Stage> {
  const standing = process.env.PAYYMO_STAGE
  const program: Program = standing ? (JSON.parse(standing) as Standing) : await startProgram(settings)
  const { folder, origin, key } = program
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
  const accept = async (token: string, password: string) => {
    const accepted = await fetch(`${origin}/auth/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, password }),
    })
    if (accepted.status !== 204) {
      throw new Error(`the invitation was not accepted: ${accepted.status} ${await accepted.text()}`)
    }
  }
  const send = async (email: string, name: string, role: string) => {
    await api('POST', '/users', { email, name, role })
    return readToken(join(folder, 'outbox'), email)
  }
  const invite: Stage['invite'] = async (email, name, role) => {
    await accept(await send(email, name, role), PASSWORD)
    return { email, password: PASSWORD }
  }
  const inviteOperator: Stage['inviteOperator'] = async (email) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'server/src/cli/payymo.ts'), 'users', 'create', '--tenant', 'operator', '--email', email],
      { cwd: ROOT, env: { ...process.env, PAYYMO_DATA_DIR: folder } },
    )
    await accept(/token=([\w-]+)/.exec(stdout)![1]!, PASSWORD)
    return { email, password: PASSWORD }
  }
  const owner =
    program.owner ??
    (await invite('ada@example.com', 'Ada Holm', 'owner').catch((error: unknown) => {
      program.child?.kill('SIGINT')
      throw error
    }))
  const sessions = new Map<string, { state: Awaited<ReturnType<BrowserContext['storageState']>>; madeMs: number }>()
  const browser = await chromium.launch({
    executablePath: findChromium() ?? 'chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  return {
    origin,
    key,
    folder,
    owner,
    comeIn: program.comeIn,
    browser,
    api,
    invitation: async (email, name) => `/auth/accept?token=${await send(email, name, 'viewer')}`,
    invite,
    inviteOperator,
    signedIn: async (options = {}, as = owner) => {
      const known = sessions.get(as.email)
      if (known && performance.now() - known.madeMs < SESSION_MS)
        return browser.newContext({ baseURL: origin, ...options, storageState: known.state })
      const context = await browser.newContext({ baseURL: origin, ...options })
      const page = await context.newPage()
      await page.goto('/sign-in')
      await page.locator('input[name=email]').fill(as.email)
      await page.locator('input[name=password]').fill(as.password)
      await page.locator('button[type=submit]').click()
      await page.waitForURL((url) => url.pathname !== '/sign-in')
      await page.close()
      sessions.set(as.email, { state: await context.storageState(), madeMs: performance.now() })
      return context
    },
    stop: async () => {
      await browser.close()
      const { child } = program
      if (!child) return
      child.kill('SIGINT')
      await new Promise((resolve) => child.once('exit', resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Program extends Standing {
  child?: ChildProcess
}

function startProgram(settings: Record<string, string>): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-stage-'))
  const child = spawn(process.execPath, ['--disable-proto=delete', join(ROOT, 'server/src/cli/start.ts')], {
    cwd: ROOT,
    env: { ...process.env, PAYYMO_DATA_DIR: folder, PORT: '0', PAYYMO_RATE_LIMITS: NO_LIMITS, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // However this process ends, the program ends with it.
  process.once('exit', () => child.kill('SIGINT'))
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => {
      child.kill('SIGINT')
      reject(new Error(`the program did not get ready:\n${said}`))
    }, START_DEADLINE_MS)
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (!said.includes('Stop  ')) return
      clearTimeout(timer)
      const origin = /Ready on (\S+)/.exec(said)![1]!
      const key = /API key +(pk_test_\w+)/.exec(said)![1]!
      const [, comeIn] = /Come in +(\S+)/.exec(said) ?? []
      resolve({ child, origin, key, folder, ...(comeIn === undefined ? {} : { comeIn }) })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (status) => reject(new Error(`the program ended with ${status}:\n${said}`)))
  })
}

/** The invitation as the mail to this address holds it. */
async function readToken(outbox: string, email: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      for (const name of readdirSync(outbox)) {
        const text = readFileSync(join(outbox, name), 'utf8')
          .replaceAll(/=\r?\n/g, '')
          .replaceAll('=3D', '=')
        if (!text.includes(email)) continue
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
