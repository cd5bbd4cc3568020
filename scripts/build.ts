// npm run build: the dashboard as static files in web/dist, unless what stands there is younger than everything it is made of.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.ts'

const SOURCES = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'sdk/typescript/src',
  'package-lock.json',
]
const MADE = join(root, 'web/dist/index.html')

function newestMs(path: string): number {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  // A folder changes when something in it goes away.
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

const made = statSync(MADE, { throwIfNoEntry: false })?.mtimeMs ?? 0
const stale = SOURCES.some((source) => newestMs(join(root, source)) > made)
process.exit(stale ? await run('node_modules/vite/bin/vite.js', ['build', 'web', '--logLevel', 'warn']) : 0)
