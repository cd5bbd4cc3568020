// Installs what is missing before any other command runs. Plain JavaScript on purpose: it runs on the machine's own
// Node (20 or newer) before the project's Node 24 and its packages are there.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Installs the locked packages when they are missing or older than the lock file. Throws nothing: exits with npm's status. */
export function bootstrap() {
  if (installed()) return
  process.stderr.write('Payymo: installing packages (once, about a minute) …\n')
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  const done = spawnSync(command, [...args, 'ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: !npm && process.platform === 'win32',
  })
  if (done.status !== 0) {
    process.stderr.write(
      'Payymo: the packages could not be installed (npm ci failed, see above). Check the network and run the command again.\n',
    )
    process.exit(done.status ?? 1)
  }
}

function installed() {
  const marker = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(marker)) return false
  const lock = join(root, 'package-lock.json')
  if (statSync(lock).mtimeMs <= statSync(marker).mtimeMs) return true
  // A checkout may touch the lock without changing it: compare what is locked with what is installed.
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages
  const present = JSON.parse(readFileSync(marker, 'utf8')).packages
  return Object.entries(present).every(([path, entry]) => wanted[path]?.version === entry.version)
}

bootstrap()
// By name, not by the shell's memory: the shell that npm started may have found the machine's own Node before ours was there.
if (process.argv.includes('--build')) {
  const windows = process.platform === 'win32'
  const node = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node')
  const built = spawnSync(windows ? `"${node}"` : node, ['scripts/build.ts'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  })
  if (built.status !== 0) process.exit(built.status ?? 1)
}
