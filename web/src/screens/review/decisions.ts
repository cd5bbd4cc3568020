import type { InvoiceMatch, Payymo } from '@payymo/sdk'
import { PayymoError } from '@payymo/sdk'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import type { Decided, Placed } from './entries.ts'
import { paymentQuery, standingQuery, transactionQuery } from './queries.ts'
import type { Item } from './queue.ts'
import type { Allocation } from './proposals.ts'

/** What a person can do with an item; it is sent at once. */
export type Deed =
  | { what: 'approve' | 'reject'; matchId: string; allocations: Allocation[] }
  | { what: 'byHand'; allocations: Allocation[] }
  | { what: 'release'; matchId: string }
  | { what: 'ignore' }
  | { what: 'resolve'; resolution: 'applied' | 'retry' | 'drop' }

/** A decision that can be looked back at. */
export interface Done {
  item: Item
  /** Where it stood. */
  at: number
  deed: Deed
  /** What it was about, in words. */
  title: string
  answer: Promise<InvoiceMatch | undefined>
}

async function send(payymo: Payymo, { key }: Item, deed: Deed): Promise<InvoiceMatch | undefined> {
  switch (deed.what) {
    case 'approve':
      return payymo.invoiceMatches.update(deed.matchId, { status: 'approved' })
    case 'reject':
      return payymo.invoiceMatches.update(deed.matchId, { status: 'rejected' })
    case 'release':
      return payymo.invoiceMatches.release(deed.matchId)
    case 'byHand':
      return payymo.invoiceMatches.create({ transaction_id: key, allocations: bare(deed.allocations) })
    case 'ignore':
      await payymo.transactions.update(key, { status: 'ignored' })
      return undefined
    case 'resolve':
      await payymo.payments.resolve(key, { resolution: deed.resolution })
      return undefined
  }
}

const bare = (allocations: readonly Allocation[]) =>
  allocations.map(({ invoice_id, amount }) => ({ invoice_id, amount }))

const REFRESH_MS = 1_500

/** Decisions taken here: each shows at once, is sent at once, and comes back with the API's words when it could not be kept. The
 *  ones that were kept can be undone, the last one first. `onFault`: one came
 *  back, or (without a fault) somebody else was quicker. */
export function useDecisions(onFault: (item: Item, title: string, fault: string | undefined) => void) {
  const payymo = useApi()
  const client = useQueryClient()
  const words = useWords()
  const [decided, setDecided] = useState<ReadonlyMap<string, Decided>>(new Map())
  const [placed, setPlaced] = useState<readonly Placed[]>([])
  const done = useRef<Done[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const note = useCallback(
    (key: string, next: Decided | undefined) =>
      setDecided((before) => {
        const after = new Map(before)
        if (next) after.set(key, next)
        else after.delete(key)
        return after
      }),
    [],
  )
  const refresh = useCallback(() => {
    if (timer.current !== undefined) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      void client.invalidateQueries({
        predicate: ({ queryKey }) => ['queue', 'waiting', 'beside'].includes(queryKey[1] as string),
      })
    }, REFRESH_MS)
  }, [client])
  useEffect(() => () => clearTimeout(timer.current), [])

  const decide = useCallback(
    (item: Item, at: number, deed: Deed, title: string) => {
      note(item.key, { state: 'sending' })
      setPlaced((all) => all.filter((one) => one.item.key !== item.key))
      const answer = send(payymo, item, deed)
      const one: Done = { item, at, deed, title, answer }
      done.current.push(one)
      answer.then(
        (match) => {
          note(item.key, { state: 'sent', sentAtMs: performance.now() })
          if (match) client.setQueryData(['matches', 'one', match.id], match)
          client.removeQueries({ queryKey: ['standing', item.key], type: 'inactive' })
          refresh()
        },
        async (error: unknown) => {
          done.current = done.current.filter((other) => other !== one)
          // Somebody else may have been quicker: then there is nothing to come back to.
          const isLate = isConflict(error) && !(await waits(payymo, client, item).catch(() => true))
          const fault = faultOf(error, words.states.offlineText)
          setPlaced((all) => [...all.filter((other) => other.item.key !== item.key), { item, at, gone: isLate }])
          note(item.key, isLate ? undefined : { state: 'failed', fault })
          void client.invalidateQueries({ queryKey: ['standing', item.key] })
          void client.invalidateQueries({ queryKey: ['candidates', item.key] })
          refresh()
          onFault(item, title, isLate ? undefined : fault)
        },
      )
    },
    [payymo, client, words, note, refresh, onFault],
  )

  /** Notes what was decided by one call for many. */
  const noteMany = useCallback(
    (all: readonly { key: string; next: Decided }[]) =>
      setDecided((before) => new Map([...before, ...all.map(({ key, next }) => [key, next] as const)])),
    [],
  )

  /** Puts what was undone back in its place. */
  const putBack = useCallback(
    ({ item, at }: Done) => {
      note(item.key, undefined)
      setPlaced((all) => [...all.filter((one) => one.item.key !== item.key), { item, at, gone: false }])
      void client.invalidateQueries({ queryKey: ['standing', item.key] })
      void client.invalidateQueries({ queryKey: ['candidates', item.key] })
      refresh()
    },
    [client, note, refresh],
  )

  /** Undoes what needs no question: a line set aside is taken back, a rejected match is proposed again by hand. */
  const undo = useCallback(
    async (one: Done) => {
      await one.answer
      if (one.deed.what === 'ignore') await payymo.transactions.update(one.item.key, { status: 'processed' })
      if (one.deed.what === 'reject') {
        const allocations = bare(one.deed.allocations)
        await payymo.invoiceMatches.create({ transaction_id: one.item.key, allocations, apply: false })
      }
      done.current = done.current.filter((other) => other !== one)
      putBack(one)
    },
    [payymo, putBack],
  )

  return {
    decided,
    placed,
    setPlaced,
    decide,
    noteMany,
    undo,
    putBack,
    refresh,
    clearFault: useCallback((key: string) => note(key, undefined), [note]),
    remember: (one: Done) => void done.current.push(one),
    last: () => done.current.at(-1),
    forget: (one: Done) => {
      done.current = done.current.filter((other) => other !== one)
    },
  }
}

const isConflict = (error: unknown): boolean => error instanceof PayymoError && error.code === 'resource_conflict'

/** Whether an item still waits for a person, as the server says now. */
async function waits(payymo: Payymo, client: QueryClient, { key, view }: Item): Promise<boolean> {
  if (view === 'suggested' || view === 'unmatched') {
    const { status, match_status } = await client.fetchQuery({ ...transactionQuery(payymo, key), staleTime: 0 })
    return status === 'processed' && (match_status === 'suggested' || match_status === 'unmatched')
  }
  if (view === 'failed') {
    const match = await client.fetchQuery({ ...standingQuery(payymo, key, 'failed'), staleTime: 0 })
    return match !== null
  }
  const { state, undo } = await client.fetchQuery({ ...paymentQuery(payymo, key), staleTime: 0 })
  return state === 'quarantined' || undo?.state === 'needs_person'
}

/** In the API's words, with what it says of each field. */
export function faultOf(error: unknown, otherwise: string): string {
  if (!(error instanceof PayymoError) || error.code === 'connection_failed') return otherwise
  const issues = error.details.filter(({ field }) => field !== 'reason').map(({ issue }) => issue)
  return [error.message, ...issues].join(' ')
}
