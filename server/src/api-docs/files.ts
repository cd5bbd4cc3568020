import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type StaticFile, staticFile } from '../http/static-file.ts'
import { START_SCRIPT, STYLE } from './page-parts.ts'

/** The few files the page needs and nothing else of the package: what is not in this list does not exist. */
export interface PageFiles {
  style: StaticFile
  ownStyle: StaticFile
  bundle: StaticFile
  start: StaticFile
  icon: StaticFile
}

/** Reads the files of swagger-ui-dist, which stands beside us: no network is needed. */
export function readPageFiles(): PageFiles {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const ofPackage = (name: string) => readFileSync(join(folder, name))
  return {
    style: pageFile('swagger-ui', 'css', ofPackage('swagger-ui.css')),
    ownStyle: pageFile('payymo', 'css', Buffer.from(STYLE)),
    bundle: pageFile('swagger-ui', 'js', ofPackage('swagger-ui-bundle.js')),
    start: pageFile('start', 'js', Buffer.from(START_SCRIPT)),
    icon: pageFile('icon', 'png', ofPackage('favicon-32x32.png')),
  }
}

/** By a name that changes with its content, so that it may be kept for ever. */
function pageFile(name: string, ending: string, bytes: Buffer): StaticFile {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  return staticFile(`${name}-${digest}.${ending}`, bytes)
}
