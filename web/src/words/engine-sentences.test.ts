import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { review } from './de/review.ts'

const ENGINE = fileURLToPath(new URL('../../../server/src/matching/', import.meta.url))
const quoted = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g

/** What the engine says of a line, as it stands in its source: texts that read like a sentence. */
const said = readdirSync(ENGINE)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file) => [
    ...readFileSync(ENGINE + file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .matchAll(quoted),
  ])
  .map(([, single, double]) => (single ?? double ?? '').replaceAll("\\'", "'"))
  .filter((text) => /^[A-Z].* .*\.$/.test(text))

describe('what the engine says', () => {
  it('is found in its source', () => {
    expect(said.length).toBeGreaterThan(60)
  })

  it('is said in German too', () => {
    const { sentences, patterns } = review
    const missing = said.filter((text) => !(text in sentences) && !patterns.some(([pattern]) => pattern.test(text)))
    expect([...new Set(missing)]).toEqual([])
  })
})
