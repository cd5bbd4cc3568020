import { Writable } from 'node:stream'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyText } from '../../test/setup/any-text.ts'
import { verdictWriter } from './verdict-output.ts'
import { writeVerdicts } from './write-verdicts.ts'

/** A reader that is full after each chunk. */
function slowReader() {
  const chunks: Buffer[] = []
  let waiting = 0
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      waiting += 1
      if (waiting > 1) throw new Error('written to a reader that was full')
      setImmediate(() => {
        chunks.push(Buffer.from(chunk))
        waiting -= 1
        done()
      })
    },
  })
  const text = async (): Promise<string> => {
    await new Promise<void>((ended) => stream.end(ended))
    return Buffer.concat(chunks).toString()
  }
  return { stream, text }
}

const jsonl = verdictWriter('jsonl', [])

it('writes all texts with separators between them, to a slow reader as well', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyText({ maxLength: 40 }), { maxLength: 20 }), async (texts) => {
      const { stream, text } = slowReader()
      await writeVerdicts(stream, jsonl, texts)
      const expected = texts.length === 0 ? '' : `${texts.join('\n')}\n`
      expect(await text()).toBe(Buffer.from(expected).toString())
    }),
  )
})

it('cuts no sign of several bytes where a chunk ends, and takes a text longer than a chunk', async () => {
  const texts = [...Array.from({ length: 900 }, (_, at) => '€'.repeat(700 + (at % 7))), 'ß'.repeat(1_200_000), 'end']
  const { stream, text } = slowReader()
  await writeVerdicts(stream, jsonl, texts)
  expect(await text()).toBe(`${texts.join('\n')}\n`)
})

it('prints an empty list of JSON and nothing of the other formats where there are no lines', async () => {
  const empty = async (format: 'json' | 'jsonl' | 'csv'): Promise<string> => {
    const { stream, text } = slowReader()
    await writeVerdicts(stream, verdictWriter(format, []), [])
    return text()
  }
  expect(JSON.parse(await empty('json'))).toEqual([])
  expect(await empty('jsonl')).toBe('')
  expect(await empty('csv')).toBe(verdictWriter('csv', []).head)
})
