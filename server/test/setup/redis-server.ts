import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Redis of the test's own, on a free port of this machine, which keeps nothing. */
export interface RedisServer {
  url: string
  /** Freezes it, as a dead network would, and lets it go on. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** Why there is no Redis to test with, or undefined. */
export const redisMissing = (): string | undefined =>
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not installed (apt-get install -y redis-server)'

/** Starts it and waits until it takes connections. `onSpawn` hears of the process, for suites that must end it with themselves. */
export async function startRedis(onSpawn: (child: ChildProcess) => void = () => {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-redis-'))
  const port = await freePort()
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onSpawn(child)
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve()
    })
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
