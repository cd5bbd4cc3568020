import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { VerdictWriter } from './verdict-output.ts'

const CHUNK_BYTES = 1024 * 1024
/** UTF-8 takes up to three bytes for each code unit of a text. */
const BYTES_PER_UNIT_MAX = 3

/** Writes texts of verdicts one after the other, in chunks, waiting for a slow reader: a million verdicts are more than fits into a
 *  pipe. Each text goes to its place in the chunk at once; joining them first would take as long again. */
export async function writeVerdicts(
  out: Writable,
  { head, separator, tail, always }: VerdictWriter,
  texts: Iterable<string>,
): Promise<void> {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let bytes = chunk.write(head)
  let isFirst = true
  for (const text of texts) {
    const room = (separator.length + text.length) * BYTES_PER_UNIT_MAX
    if (bytes + room > chunk.length) {
      if (!out.write(chunk.subarray(0, bytes))) await once(out, 'drain')
      // What was handed over may still be read.
      chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, room))
      bytes = 0
    }
    if (!isFirst) bytes += chunk.write(separator, bytes)
    bytes += chunk.write(text, bytes)
    isFirst = false
  }
  out.write(chunk.subarray(0, bytes))
  if (!isFirst || always) out.write(tail)
}
