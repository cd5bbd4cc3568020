import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { endWithUs } from './children.ts'

const PROGRAM = fileURLToPath(new URL('./limits-server.ts', import.meta.url))
const OPERATOR_KEY = `operator-${randomBytes(24).toString('hex')}`
/** Connections to each process: enough that calls always race, few enough that sockets are not what is tested. */
const CONNECTIONS = 50

export interface Call {
  method: string
  path: string
  key: string | undefined
  body?: object | undefined
}

export interface Heard {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: { error?: { code: string; message: string } } & Record<string, unknown>
}

/** Several processes of the program on one database, reached by their sockets. */
export interface House {
  readonly processes: number
  call(process: number, call: Call): Promise<Heard>
  /** A key of a new tenant that has made no call yet. */
  key(tier: 'standard' | 'premium'): Promise<string>
  /** All log lines so far. */
  log(): string[]
  stop(): Promise<void>
}

export async function openHouse(options: {
  processes: number
  databaseUrl: string
  redisUrl?: string
  folder: string
}): Promise<House> {
  const log: string[] = []
  const environment = {
    PATH: process.env.PATH,
    DATABASE_URL: options.databaseUrl,
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
    PAYYMO_DATA_DIR: options.folder,
    PAYYMO_ENCRYPTION_KEYS: `suite:${randomBytes(32).toString('base64')}`,
    PAYYMO_OPERATOR_KEY: OPERATOR_KEY,
    PAYYMO_SANDBOX: 'off',
    LOG_LEVEL: 'info',
  }
  const members: { child: ChildProcess; port: number }[] = []
  // The first one sets up what all share; the others find it.
  members.push(await startMember(environment, options.folder, log))
  members.push(
    ...(await Promise.all(
      Array.from({ length: options.processes - 1 }, () => startMember(environment, options.folder, log)),
    )),
  )
  const agents = members.map(() => new Agent({ keepAlive: true, maxSockets: CONNECTIONS }))
  const call = (index: number, given: Call) => send(members[index]!.port, agents[index]!, given)

  return {
    processes: options.processes,
    call,
    key: async (tier) => {
      const name = `limits-${randomBytes(4).toString('hex')}`
      const made = await call(0, {
        method: 'POST',
        path: '/tenants',
        key: OPERATOR_KEY,
        body: { name, slug: name, tier },
      })
      const { id } = made.body
      if (made.status !== 201 || typeof id !== 'string') throw new Error(`no tenant: ${JSON.stringify(made.body)}`)
      const given = { name: 'suite', permissions: ['*'] }
      const key = await call(0, { method: 'POST', path: `/tenants/${id}/api-keys`, key: OPERATOR_KEY, body: given })
      if (typeof key.body.key !== 'string') throw new Error(`no key: ${JSON.stringify(key.body)}`)
      return key.body.key
    },
    log: () => log,
    stop: async () => {
      for (const agent of agents) agent.destroy()
      await Promise.all(
        members.map(async ({ child }) => {
          if (child.exitCode !== null || child.signalCode !== null) return
          const gone = once(child, 'exit')
          child.kill('SIGKILL')
          await gone
        }),
      )
    },
  }
}

async function startMember(environment: NodeJS.ProcessEnv, folder: string, log: string[]) {
  const child = spawn(process.execPath, ['--disable-proto=delete', PROGRAM], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  // Lines about single calls would be most of the memory.
  createInterface(child.stderr).on('line', (line) => void (line.includes('"message":"request"') || log.push(line)))
  const port = await Promise.race([
    once(child.stdout, 'data').then(([text]) => Number.parseInt(String(text), 10)),
    once(child, 'exit').then(() =>
      Promise.reject(new Error(`a process ended at its start: ${log.slice(-8).join('\n')}`)),
    ),
  ])
  return { child, port }
}

function send(port: number, agent: Agent, { method, path, key, body }: Call): Promise<Heard> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method,
        path: `/api/v1${path}`,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const said = Buffer.concat(chunks).toString()
          const json = said === '' ? {} : (JSON.parse(said) as Heard['body'])
          resolve({ status: answer.statusCode!, headers: answer.headers, body: json })
        })
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}
