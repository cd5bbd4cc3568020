import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { START_SCRIPT, STYLE } from './page-parts.ts'

/** A file of the page, by a name that changes with its content and may therefore be kept for ever. */
export interface PageFile {
  name: string
  type: string
  bytes: Buffer
  /** Packed on first demand, and once: the bundle is 1.7 MB, packed half a megabyte. */
  packed(): Buffer
}

/** The few files the page needs and nothing else of the package: what is not in this list does not exist. */
export interface PageFiles {
  style: PageFile
  ownStyle: PageFile
  bundle: PageFile
  start: PageFile
  icon: PageFile
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

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
}

function pageFile(name: string, ending: keyof typeof TYPES, bytes: Buffer): PageFile {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  let packed: Buffer | undefined
  return {
    name: `${name}-${digest}.${ending}`,
    type: TYPES[ending],
    bytes,
    packed: () => (packed ??= gzipSync(bytes, { level: 9 })),
  }
}
