import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Kept, type Page, reread as rereadAny } from './long-list.ts'

interface Row {
  id: string
  text: string
}
type ListPage = Page<Row> & { pagination: { total_items: number | null } }
const PAGE = 3
const reread = rereadAny<Row, ListPage>

/** A server that keeps rows in falling order of their ids, and how often it was asked. */
function serverOf(ids: readonly number[]) {
  const rows = ids.toSorted((a, b) => b - a).map((id) => ({ id: String(id).padStart(4, '0'), text: 'old' }))
  const asked: string[] = []
  const read = async (cursor: string, count: number): Promise<ListPage> => {
    asked.push(cursor)
    const from = rows.filter(({ id }) => cursor === '' || id < cursor)
    const data = from.slice(0, count).map((row) => ({ ...row }))
    return {
      data,
      pagination: {
        next_cursor: from.length > count ? data.at(-1)!.id : null,
        total_items: cursor === '' ? rows.length : null,
      },
    }
  }
  return { rows, asked, read }
}

async function readPages(server: ReturnType<typeof serverOf>, count: number): Promise<Kept<ListPage>> {
  const kept: Kept<ListPage> = { pages: [], pageParams: [] }
  for (let cursor: string | null = ''; cursor !== null && kept.pages.length < count; ) {
    const page: ListPage = await server.read(cursor, PAGE)
    kept.pages.push(page)
    kept.pageParams.push(cursor)
    cursor = page.pagination.next_cursor
  }
  server.asked.length = 0
  return kept
}
const idsOf = (pages: readonly ListPage[]) => pages.flatMap(({ data }) => data.map(({ id }) => Number(id)))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

describe('reread', () => {
  it('asks for the first page and for those in sight, however many there are', async () => {
    const server = serverOf(range(1, 300))
    const kept = await readPages(server, 90)
    for (const row of server.rows) row.text = 'new'
    const pages = await reread(kept, { first: 130, last: 134 }, server.read)
    expect(server.asked).toHaveLength(3)
    expect(idsOf(pages)).toEqual(idsOf(kept.pages))
    const changed = pages.flatMap(({ data }) => data).filter(({ text }) => text === 'new')
    expect(changed.length).toBe(3 * PAGE)
  })

  it('shows new rows to who reads at the top', async () => {
    const server = serverOf(range(1, 30))
    const kept = await readPages(server, 5)
    server.rows.unshift({ id: '0032', text: 'new' }, { id: '0031', text: 'new' })
    const pages = await reread(kept, { first: 0, last: 2 }, server.read)
    expect(idsOf(pages)).toEqual(range(16, 32).toReversed())
    expect(pages[0]!.news).toBeUndefined()
    expect(pages[0]!.pagination.total_items).toBe(32)
  })

  it('counts them for who reads further down, where nothing moves', async () => {
    const server = serverOf(range(1, 30))
    const kept = await readPages(server, 5)
    server.rows.unshift({ id: '0032', text: 'new' }, { id: '0031', text: 'new' })
    const pages = await reread(kept, { first: 9, last: 11 }, server.read)
    expect(idsOf(pages)).toEqual(idsOf(kept.pages))
    expect([pages[0]!.news, pages[0]!.newsMore]).toEqual([2, false])
  })

  it('shows them wherever one reads, where that is wanted', async () => {
    const server = serverOf(range(1, 30))
    const kept = await readPages(server, 5)
    server.rows.unshift({ id: '0031', text: 'new' })
    const pages = await reread(kept, { first: 9, last: 11, growing: true }, server.read)
    expect(idsOf(pages)).toEqual(range(16, 31).toReversed())
  })

  it('says when more is new than one page holds', async () => {
    const server = serverOf(range(1, 30))
    const kept = await readPages(server, 5)
    const many = serverOf(range(1, 400))
    const pages = await reread(kept, { first: 0, last: 2 }, many.read)
    expect(idsOf(pages)).toEqual(idsOf(kept.pages))
    expect([pages[0]!.news, pages[0]!.newsMore]).toEqual([100, true])
  })

  it('whatever came and went: the list goes on where it did, and what is gone from the server is gone from sight', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 8, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(ids, ids, fc.nat(40), async (before, after, first) => {
        const kept = await readPages(serverOf(before), 4)
        fc.pre(kept.pages.length > 1)
        const server = serverOf(after)
        const pages = await reread(kept, { first, last: first + 2 }, server.read)
        const there = new Set(server.rows.map(({ id }) => Number(id)))
        const inSight = idsOf(kept.pages).slice(first, first + 3)
        const left = new Set(idsOf(pages))
        // Where nothing of the following pages is left, the rows stay until the list is read from its top.
        if (kept.pages.every(({ data }) => data.some(({ id }) => there.has(Number(id)))))
          expect(inSight.filter((id) => left.has(id) && !there.has(id))).toEqual([])
        expect(pages.slice(0, -1).map((page) => page.pagination.next_cursor)).toEqual(kept.pageParams.slice(1))
      }),
    )
  })

  it('whatever came: the order holds, and at the top everything is there', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 8, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(ids, ids, async (before, come) => {
        const kept = await readPages(serverOf(before), 4)
        fc.pre(kept.pages.length > 1)
        const server = serverOf([...new Set([...before, ...come])])
        const shown = idsOf(await reread(kept, { first: 0, last: 2 }, server.read))
        expect(shown).toEqual(shown.toSorted((a, b) => b - a))
        const onFirst = server.rows.map(({ id }) => Number(id)).filter((id) => id >= shown[PAGE - 1]!)
        expect(shown.slice(0, PAGE)).toEqual(onFirst)
      }),
    )
  })
})
