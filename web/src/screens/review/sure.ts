import type { InvoiceMatch, Payymo } from '@payymo/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { faultOf } from './decisions.ts'
import { isWord } from './proposals.ts'
import { keepMatches, keepTransactions } from './queries.ts'

const AT_ONCE = 1_000

/** What bulk says of each match. */
export interface Result {
  id: string
  status: string | null
  error: { code: string; message: string } | null
}

export interface Sure {
  sure: InvoiceMatch[]
  heldBack: number
  capped: boolean
}

/** What is as sure as wanted, surest first; what is held back for a reason is only counted. */
export async function readSure(
  payymo: Payymo,
  client: QueryClient,
  threshold: string,
  signal: AbortSignal,
): Promise<Sure> {
  const suggested = { match_status: 'suggested', per_page: 100 } as const
  const [found, lines, aside] = await Promise.all([
    gather(payymo, threshold, signal),
    payymo.transactions.list(suggested, { signal }),
    payymo.transactions.list({ ...suggested, status: 'ignored' }, { signal }),
  ])
  keepMatches(client, found.sure)
  keepTransactions(client, lines.data)
  const ignored = new Set(aside.data.map(({ id }) => id))
  return { ...found, sure: found.sure.filter(({ transaction_id }) => !ignored.has(transaction_id)) }
}

async function gather(payymo: Payymo, threshold: string, signal: AbortSignal): Promise<Sure> {
  const found: Sure = { sure: [], heldBack: 0, capped: false }
  const all = payymo.invoiceMatches.listAll(
    { status: 'suggested', confidence_min: threshold, sort: '-confidence', per_page: 100 },
    { signal },
  )
  for await (const match of all) {
    if (match.withheld.length > 0 || isWord(match)) found.heldBack += 1
    else if (found.sure.length < AT_ONCE) found.sure.push(match)
    else {
      found.capped = true
      break
    }
  }
  return found
}

/** Approves what one call takes, each for itself. Never throws: a call that failed says so of each of its matches. */
export async function approveMany(
  payymo: Payymo,
  matches: readonly InvoiceMatch[],
  otherwise: string,
): Promise<Result[]> {
  const ids = matches.map(({ id }) => id)
  try {
    const { results } = await payymo.request<{ results: Result[] }>({
      method: 'POST',
      path: '/invoice-matches/bulk',
      body: { ids, status: 'approved' },
    })
    return results
  } catch (error) {
    const message = faultOf(error, otherwise)
    return ids.map((id) => ({ id, status: null, error: { code: 'failed', message } }))
  }
}
