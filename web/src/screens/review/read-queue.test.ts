import type { Payymo } from '@payymo/sdk'
import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { countWaiting, readPage } from './read-queue.ts'

/** An API with three lines without a proposal, two suggestions worth asking about and three that are not, one of them set aside. */
function api(): Payymo {
  const lines: Record<string, string[]> = {
    unmatched: ['txn_a', 'txn_b', 'txn_c'],
    suggested: ['txn_1', 'txn_2', 'txn_x', 'txn_y'],
  }
  const matches = { txn_1: 0.98, txn_2: 0.4, txn_x: 0.0001, txn_y: 0.0001, txn_aside: 0.0002 }
  const page = <T>(all: T[], { per_page, cursor = '0' }: { per_page: number; cursor?: string }) => {
    const to = Number(cursor) + per_page
    return {
      data: all.slice(Number(cursor), to),
      pagination: { next_cursor: to < all.length ? String(to) : null, total_items: all.length, total_capped: false },
    }
  }
  return {
    transactions: {
      list: async (asked: { match_status: string; status: string; per_page: number; cursor?: string }) =>
        page(
          (asked.status === 'ignored' ? ['txn_aside'] : lines[asked.match_status]!).map((id) => ({ id })),
          asked,
        ),
    },
    invoiceMatches: {
      list: async (asked: { confidence_min?: string; confidence_max?: string; per_page: number; cursor?: string }) =>
        page(
          Object.entries(matches)
            .filter(
              ([, sure]) => sure >= Number(asked.confidence_min ?? 0) && sure <= Number(asked.confidence_max ?? 1),
            )
            .map(([line]) => ({ id: `match_${line}`, transaction_id: line, status: 'suggested' })),
          asked,
        ),
    },
  } as unknown as Payymo
}
const { signal } = new AbortController()
const read = async (view: 'suggested' | 'unmatched', sort: 'confidence' | 'age', rows = 100) => {
  const keys: string[] = []
  let cursor: string | null = ''
  let pages = 0
  while (cursor !== null) {
    const reading = { per_page: rows, ...(cursor === '' ? {} : { cursor }) }
    const found = await readPage(api(), new QueryClient(), view, sort, reading, signal)
    keys.push(...found.keys)
    cursor = found.next
    pages += 1
  }
  return { keys, pages }
}

describe('what waits', () => {
  it.each(['confidence', 'age'] as const)('as a suggestion is worth asking about, by %s', async (sort) => {
    expect((await read('suggested', sort)).keys).toEqual(['txn_1', 'txn_2'])
  })

  it.each([100, 2, 1])(
    'without an invoice: lines without a proposal, then those whose proposal is worth nothing (%i a page)',
    async (rows) => {
      expect((await read('unmatched', 'age', rows)).keys).toEqual(['txn_a', 'txn_b', 'txn_c', 'txn_x', 'txn_y'])
    },
  )

  it('is counted so', async () => {
    expect((await countWaiting(api(), 'unmatched', signal)).count).toBe(5)
    expect((await countWaiting(api(), 'suggested', signal)).count).toBe(2)
  })
})
