import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Zippable, zipSync } from 'fflate'

/** The addon as it lies in the repository, which every installation has. */
export const MODULE_ROOT = fileURLToPath(new URL('../../../../whmcs-module', import.meta.url))
/** Where the addon lies below the folder of WHMCS, and so in the archive. */
export const ADDON = 'modules/addons/payymo'

/** Kinds of file that an addon is made of; anything else got there by mistake. */
const SHIPPED = /\.(php|json|png)$/
/** Fields of a local time, which is what ZIP stores: the same in every time zone. */
const MADE_AT = new Date(2020, 0, 1, 0, 0, 0)
const UNIX = 3
const PLAIN_FILE = 0o100644

/** Paths of all files that are shipped, relative to the module's folder, sorted by their bytes. Throws for a file that does not
 *  belong there; names that begin with a dot are left out. */
export function listShipped(folder: string = ADDON): string[] {
  const paths = readdirSync(join(MODULE_ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return listShipped(path)
    if (!entry.isFile() || !SHIPPED.test(entry.name)) throw new Error(`${path} is nothing that an addon ships`)
    return [path]
  })
  return paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** The version, from the one constant that holds it. */
export function readVersion(): string {
  const source = readFileSync(join(MODULE_ROOT, ADDON, 'lib/Module.php'), 'utf8')
  const version = /public const VERSION = '(\d+\.\d+\.\d+)';/.exec(source)?.[1]
  if (version === undefined) throw new Error('lib/Module.php holds no VERSION of three numbers')
  return version
}

export interface ModuleZip {
  name: string
  version: string
  bytes: Uint8Array
  /** SHA-256 in hex. */
  digest: string
}

/** The archive in memory, the same bytes whenever and wherever it is built: unpacked in the folder of WHMCS, everything falls into
 *  its place. */
export function buildModuleZip(): ModuleZip {
  const entries: Zippable = {}
  for (const path of listShipped()) entries[path] = [readFileSync(join(MODULE_ROOT, path)), {}]
  const bytes = zipSync(entries, { level: 9, mtime: MADE_AT, os: UNIX, attrs: PLAIN_FILE << 16 })
  const digest = createHash('sha256').update(bytes).digest('hex')
  const version = readVersion()
  return { name: `payymo-whmcs-${version}.zip`, version, bytes, digest }
}
