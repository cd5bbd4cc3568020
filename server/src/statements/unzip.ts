import { unzipSync } from 'fflate'
import { AppError } from '../base/errors.ts'

const FILES_MAX = 1_000
/** Larger than any bank's archive and small enough for the memory a parser gets. */
const UNPACKED_BYTES_MAX = 128 * 1024 * 1024

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4

/** The files of an archive in the order of their names. Stated sizes are checked before anything is unpacked; the unpacker
 *  never writes more than the stated size. Throws `validation_failed`. */
export function unzip(bytes: Uint8Array): { name: string; bytes: Uint8Array }[] {
  let files = 0
  let total = 0
  const unpacked = readArchive(bytes, ({ name, originalSize }) => {
    if (name.endsWith('/') || /(^|\/)(__MACOSX|\.)/.test(name)) return false
    files++
    total += originalSize
    if (files > FILES_MAX) throw new AppError('validation_failed', `The ZIP holds more than ${FILES_MAX} files.`)
    if (total > UNPACKED_BYTES_MAX) {
      throw new AppError('validation_failed', `The ZIP unpacks to more than ${UNPACKED_BYTES_MAX / 1024 / 1024} MiB.`)
    }
    return true
  })
  return Object.entries(unpacked)
    .map(([name, content]) => ({ name, bytes: content }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function readArchive(
  bytes: Uint8Array,
  filter: (file: { name: string; originalSize: number }) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter })
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('validation_failed', 'The ZIP is broken and cannot be unpacked.', { cause: error })
  }
}
