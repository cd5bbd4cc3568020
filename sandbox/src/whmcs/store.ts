import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, truncateSync, writeSync } from 'node:fs'

/** Writes a bigint as `{"$n":"5"}`, which no stored text can be mistaken for. */
const encode = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? { $n: inner.toString() } : inner))

const decode = (line: string): unknown =>
  JSON.parse(line, (_key, inner: unknown) => {
    if (typeof inner === 'object' && inner !== null && '$n' in inner) return BigInt(inner.$n as string)
    return inner
  })

/** An append-only file of JSON lines. A line is on the disk before `append` returns, so a killed process has lost nothing that it
 *  answered for; a half-written last line (killed while writing) never counted and is cut off when the file is opened. */
export class LineFile {
  readonly #path: string
  readonly #sync: boolean
  #file: number
  /** What the file held when it was opened. */
  readonly found: unknown[]

  constructor(path: string, sync: boolean) {
    this.#path = path
    this.#sync = sync
    this.found = readLines(path)
    this.#file = openSync(path, 'a', 0o600)
  }

  append(...values: unknown[]): void {
    if (values.length === 0) return
    writeSync(this.#file, values.map((value) => `${encode(value)}\n`).join(''))
    if (this.#sync) fsyncSync(this.#file)
  }

  /** Replaces the whole content at once: a reader finds the old file or the new one. */
  replace(...values: unknown[]): void {
    const fresh = openSync(`${this.#path}.new`, 'w', 0o600)
    writeSync(fresh, values.map((value) => `${encode(value)}\n`).join(''))
    fsyncSync(fresh)
    renameSync(`${this.#path}.new`, this.#path)
    closeSync(this.#file)
    this.#file = fresh
  }

  close(): void {
    closeSync(this.#file)
  }
}

function readLines(path: string): unknown[] {
  if (!existsSync(path)) return []
  const bytes = readFileSync(path)
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1)
  if (whole.length < bytes.length) truncateSync(path, whole.length)
  return whole.toString('utf8').split('\n').filter(Boolean).map(decode)
}
