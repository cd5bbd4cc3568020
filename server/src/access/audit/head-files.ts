import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isId, type TenantId } from '../../base/ids.ts'
import type { ChainPoint } from '../../events/verify-audit.ts'

export type Heads = ReadonlyMap<TenantId, ChainPoint>

/** `<dataDir>/audit-heads/YYYY-MM-DD.jsonl`: a line for each chain and day,
 *  `{"tenant_id","sequence","hash","at"}`, hash in hex. Files are only added to and never removed: copy them elsewhere, and
 *  even who owns the database and this machine cannot rewrite the past. */
export interface HeadFiles {
  /** Of the newest file that names the tenant, its last line. */
  newestOf(tenantId: TenantId): Promise<ChainPoint | undefined>
  /** What today's file holds, and what the newest one before it does. */
  read(now: Date): Promise<{ today: Heads; earlier: Heads }>
  /** Adds lines to today's file; on disk when it resolves. */
  append(now: Date, heads: Heads): Promise<void>
}

export function openHeadFiles(dataDir: string): HeadFiles {
  const folder = join(dataDir, 'audit-heads')
  const nameOf = (now: Date) => `${now.toISOString().slice(0, 10)}.jsonl`
  const newestFirst = async () => (await namesIn(folder)).sort().reverse()
  const headsIn = async (name: string) => readLines(await readFile(join(folder, name), 'utf8'))

  return {
    newestOf: async (tenantId) => {
      for (const name of await newestFirst()) {
        const head = (await headsIn(name)).get(tenantId)
        if (head) return head
      }
      return undefined
    },
    read: async (now) => {
      const names = await newestFirst()
      const earlier = names.find((name) => name < nameOf(now))
      return {
        today: names.includes(nameOf(now)) ? await headsIn(nameOf(now)) : new Map(),
        earlier: earlier === undefined ? new Map() : await headsIn(earlier),
      }
    },
    append: async (now, heads) => {
      if (heads.size === 0) return
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const lines = [...heads].map(([tenantId, { sequence, hash }]) =>
        JSON.stringify({
          tenant_id: tenantId,
          sequence: Number(sequence),
          hash: hash.toString('hex'),
          at: now.toISOString(),
        }),
      )
      const file = await open(join(folder, nameOf(now)), 'a', 0o600)
      try {
        // A line that a crash cut short is closed first, so that it spoils no other.
        await file.appendFile(`\n${lines.join('\n')}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
      await syncFolder(folder)
    },
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** The last line of each tenant; lines that are none of ours (cut short, blank) say nothing. */
function readLines(text: string): Map<TenantId, ChainPoint> {
  const heads = new Map<TenantId, ChainPoint>()
  for (const line of text.split('\n')) {
    const head = readLine(line)
    if (head) heads.set(head.tenantId, head)
  }
  return heads
}

function readLine(line: string): (ChainPoint & { tenantId: TenantId }) | undefined {
  try {
    const { tenant_id, sequence, hash } = JSON.parse(line) as Record<string, unknown>
    if (!isId('ten', tenant_id) || !Number.isSafeInteger(sequence) || !/^[0-9a-f]{64}$/.test(String(hash)))
      return undefined
    return { tenantId: tenant_id, sequence: BigInt(sequence as number), hash: Buffer.from(String(hash), 'hex') }
  } catch {
    return undefined
  }
}

/** The name of a new file is on disk only when its folder is; systems that cannot sync a folder do without. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
