import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invoiceLine, transactionLine } from '../../../scripts/bench/invented-books.ts'
import { progressOn } from './progress.ts'
import { openBooks, printing, type ReconcileOptions, readBooks } from './reconcile-books.ts'
import { type Helper, startHelper } from './reconcile-helper.ts'
import { reconcile } from './reconcile.ts'
import { chunksOf, newCounter, takeLines } from './shared-lines.ts'

const SIZE = 2_500
const always = { bytesMin: 0, processors: 2 }

const collector = () => {
  const chunks: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => chunks.join('') }
}

describe('a second thread of payymo reconcile', () => {
  let folder = ''
  let options: ReconcileOptions
  const helpers: Helper[] = []

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'payymo-helper-'))
    const numbers = Array.from({ length: SIZE }, (_, at) => at)
    options = {
      transactions: join(folder, 't.jsonl'),
      invoices: join(folder, 'i.jsonl'),
      format: 'jsonl',
      scorer: 'calibrated',
    }
    writeFileSync(options.invoices, numbers.map((at) => invoiceLine(at, SIZE)).join(''))
    writeFileSync(options.transactions, numbers.map((at) => transactionLine(at, (at * 7) % SIZE, SIZE)).join(''))
  })
  afterAll(async () => {
    for (const helper of helpers) await helper.end()
    rmSync(folder, { recursive: true, force: true })
  })

  const start = async (counter: SharedArrayBuffer): Promise<Helper> => {
    const helper = await startHelper(options, counter, always)
    if (helper === null) throw new Error('no second thread')
    helpers.push(helper)
    return helper
  }
  const opened = async () => {
    const books = await readBooks(options, progressOn(collector().stream))
    return { books, run: await openBooks(books, options) }
  }

  it('changes no byte of what is printed', async () => {
    const alone = collector()
    const together = collector()
    await reconcile(options, alone.stream, collector().stream, { bytesMin: Number.POSITIVE_INFINITY })
    await reconcile(options, together.stream, collector().stream, always)
    expect(alone.text().split('\n')).toHaveLength(SIZE + 1)
    expect(together.text()).toBe(alone.text())
  })

  it('looks at what the first has not taken, and sees the same', async () => {
    const { books, run } = await opened()
    const counter = newCounter()
    const { lookAt } = await import('../matching/index.ts')
    const tell = printing(books, options)
    const first = takeLines(lookAt, run, tell, counter).next()
    const helper = await start(counter)
    const theirs = await helper.chunks(chunksOf(run) - 1)
    expect(theirs.map(({ from }) => from)).toEqual([500, 1000, 1500, 2000])
    expect(first.value).toMatchObject({ from: 0 })
    const mine = [...takeLines(lookAt, run, tell, newCounter())].slice(1)
    expect(theirs).toEqual(mine)
  })

  it('is not believed where a file has changed meanwhile', async () => {
    const { run } = await opened()
    const helper = await start(newCounter())
    appendFileSync(options.transactions, transactionLine(SIZE, 3, SIZE))
    expect(await helper.chunks(chunksOf(run))).toEqual([])
  })

  it('that fails leaves its lines to the first', async () => {
    const broken = { ...options, transactions: join(folder, 'broken.jsonl') }
    writeFileSync(broken.transactions, 'no statement of any bank')
    const helper = await startHelper(broken, newCounter(), always)
    expect(await helper!.chunks(3)).toEqual([])
    await helper!.end()
  })

  it('begins only for large files that can be read twice', async () => {
    expect(await startHelper(options, newCounter())).toBeNull()
    expect(await startHelper(options, newCounter(), { ...always, processors: 1 })).toBeNull()
    expect(await startHelper({ ...options, transactions: '/dev/null' }, newCounter(), always)).toBeNull()
  })
})
