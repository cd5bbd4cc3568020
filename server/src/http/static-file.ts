import { gzipSync } from 'node:zlib'
import type { Answer } from './route.ts'

/** A file this program serves itself, held in memory. */
export interface StaticFile {
  name: string
  type: string
  bytes: Buffer
  /** Packed on first demand, and once: bundles are large. */
  packed(): Buffer
}

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
}
/** For names that change with the content. */
export const KEPT_FOR_EVER = 'public, max-age=31536000, immutable'

export function staticFile(name: string, bytes: Buffer): StaticFile {
  let packed: Buffer | undefined
  return {
    name,
    type: TYPES[name.split('.').at(-1)!] ?? 'application/octet-stream',
    bytes,
    packed: () => (packed ??= gzipSync(bytes, { level: 9 })),
  }
}

/** The file as an answer, packed where the browser takes that. */
export function answerFile(
  file: StaticFile,
  acceptEncoding: string | undefined,
  headers: Record<string, string> = {},
): Answer {
  const packed = /\bgzip\b/.test(acceptEncoding ?? '')
  return {
    status: 200,
    body: packed ? file.packed() : file.bytes,
    headers: {
      'content-type': file.type,
      vary: 'accept-encoding',
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
      ...headers,
    },
  }
}
