import type { Readable } from 'node:stream'
import { AppError } from '../base/errors.ts'

/** How much of a body is taken, and how long it may take to arrive. */
export interface BodyLimits {
  maxBytes: number
  totalMs: number
  /** The longest pause between two pieces. */
  idleMs: number
}

/** The bytes of a body. Throws `payload_too_large` as soon as they are too many, whatever the length that was declared,
 *  `request_timeout` when they come too slowly, and `invalid_request` when they end too early. What still comes after a
 *  refusal is read and dropped, so that the caller gets to see the answer. */
export function readBytes(payload: Readable, declaredLength: string | undefined, limits: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const refuse = (error: AppError) => {
      finish()
      payload.resume()
      reject(error)
    }
    const late = () => refuse(new AppError('request_timeout', 'The request took too long to arrive'))
    const total = setTimeout(late, limits.totalMs)
    const idle = setTimeout(late, limits.idleMs)
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limits.maxBytes) return refuse(tooLarge(limits.maxBytes))
      chunks.push(chunk)
      idle.refresh()
    }
    const onEnd = () => {
      finish()
      resolve(Buffer.concat(chunks, bytes))
    }
    const onBroken = () => refuse(brokenOff())
    const finish = () => {
      clearTimeout(total)
      clearTimeout(idle)
      payload.off('data', onData).off('end', onEnd).off('close', onBroken).off('error', onBroken)
      // A request that breaks off later has been answered already.
      payload.on('error', () => {})
    }
    payload.on('data', onData).on('end', onEnd).on('close', onBroken).on('error', onBroken)
    if (declaredLength !== undefined && Number.parseInt(declaredLength, 10) > limits.maxBytes)
      refuse(tooLarge(limits.maxBytes))
  })
}

export const brokenOff = (): AppError =>
  new AppError('invalid_request', 'The body broke off: its length or its chunks are not what the headers say')

const tooLarge = (maxBytes: number): AppError =>
  new AppError('payload_too_large', `The body is larger than the ${sizeOf(maxBytes)} this operation accepts`)

const sizeOf = (bytes: number): string =>
  bytes % 1_048_576 === 0 ? `${bytes / 1_048_576} MiB` : bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`
