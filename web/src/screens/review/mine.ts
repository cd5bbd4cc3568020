import { useState } from 'react'
import type { Part } from './by-hand.tsx'
import type { Resolution } from './doubt.tsx'
import { type Proposal, signOf } from './proposals.ts'

/** What a person is about to do with one item. */
interface Mine {
  key: string
  /** The proposal that was chosen, by its sign; the best one unless said. */
  chosen?: string | undefined
  /** The proposal that was looked at. */
  seen?: string | undefined
  resolution?: Resolution | undefined
  open?: 'hand' | 'split' | 'note' | undefined
  said?: string | undefined
  parts: readonly Part[]
}

/** What a person is about to do with the item shown; each item begins afresh, but for what was put together by hand before
 *  (`drafts`). `changed`: another proposal has come under the reader's eyes than the one that was looked at, so nobody approves what
 *  was never seen. */
export function useMine(
  key: string,
  proposals: readonly Proposal[],
  isPending: boolean,
  drafts: Map<string, readonly Part[]>,
) {
  const [kept, keep] = useState<Mine>(() => fresh(key, drafts))
  const mine = kept.key === key ? kept : fresh(key, drafts)
  const chosenAt = Math.max(
    0,
    proposals.findIndex((proposal) => signOf(proposal) === mine.chosen),
  )
  const proposal = proposals[chosenAt]
  const sign = proposal && signOf(proposal)
  if (!isPending && sign !== undefined && mine.seen === undefined) keep({ ...mine, seen: sign })
  const change = (part: Partial<Mine>) => {
    if (part.parts) drafts.set(key, part.parts)
    keep((before) => ({ ...(before.key === key ? before : fresh(key, drafts)), ...part }))
  }
  return {
    ...mine,
    proposal,
    chosenAt,
    changed: sign !== undefined && mine.seen !== undefined && mine.seen !== sign,
    change,
    choose: (at: number) => {
      const next = proposals[Math.min(at, proposals.length - 1)]
      if (next) change({ chosen: at === 0 ? undefined : signOf(next), seen: signOf(next), said: undefined })
    },
    /** The person has looked again. */
    look: () => change({ seen: sign }),
  }
}

const fresh = (key: string, drafts: ReadonlyMap<string, readonly Part[]>): Mine => ({
  key,
  parts: drafts.get(key) ?? [],
})
