import { describe, expect, it } from 'vitest'
import { type Page, type StripeFeed, StripeFeedError, type StripeFault } from '../../src/stripe/stripe-feed.ts'

/** An account at Stripe, real or played, and what is known about it. */
export interface StripeBench {
  feed: StripeFeed
  /** Reads that the feed has told of so far. */
  reads(): number
  accountId: string
  /** Every row of the ledger, newest first; more than two pages of 100. */
  ledgerIds: string[]
  /** A row, and what stands in it. */
  row: { id: string; amountMinor: bigint; feeMinor: bigint; netMinor: bigint; currency: string; chargeId: string }
  /** A charge that succeeded, with its intent. */
  charge: { id: string; intentId: string; amountMinor: bigint; currency: string; occurredAt: Date }
  refundId: string
  disputeId: string
  /** Automatic and complete: Σ net of its rows but its own is its amount. And one by hand. Undefined where payouts are not played. */
  payouts: { automatic: { id: string; amountMinor: bigint; arrivalOn: string }; manualId: string } | undefined
  /** Something that happened, and to which object. */
  event: { type: string; objectId: string; occurredAt: Date }
  /** From now on the account is out of reach. */
  revoke(): void | Promise<void>
}

/** What every StripeFeed keeps to. `open` is asked once for each part. */
export function stripeFeedContract(name: string, open: () => Promise<StripeBench>): void {
  describe(`${name} as a StripeFeed`, () => {
    it('knows its account', async () => {
      const { feed, accountId } = await open()
      expect((await feed.getAccount()).id).toBe(accountId)
    })

    it('walks the ledger down from the newest, and up again, meeting each row once', async () => {
      const { feed, ledgerIds, reads } = await open()
      const before = reads()
      const down: string[] = []
      for (let page = await feed.listLedger({}); ; page = await feed.listLedger({ before: down.at(-1)! })) {
        down.push(...idsOf(page))
        if (!page.more) break
      }
      expect(down).toEqual(ledgerIds)

      const up: string[] = [ledgerIds.at(-1)!]
      for (let more = true; more; ) {
        const page = await feed.listLedger({ after: up[0]! })
        // Newest first, and next to the cursor rather than at the top.
        expect(idsOf(page)).toEqual(
          ledgerIds.slice(ledgerIds.indexOf(up[0]!) - page.rows.length).slice(0, page.rows.length),
        )
        up.unshift(...idsOf(page))
        more = page.more
      }
      expect(up).toEqual(ledgerIds)
      const pages = Math.ceil(ledgerIds.length / 100) + Math.ceil((ledgerIds.length - 1) / 100)
      expect(reads() - before).toBe(pages)
      expect(await feed.listLedger({ after: ledgerIds[0]! })).toEqual({ rows: [], more: false, rejected: [] })
    })

    it('says so when a cursor is not known', async () => {
      const { feed } = await open()
      await refuses(feed.listLedger({ after: 'txn_never' }), 'gone')
      await refuses(feed.listLedger({ before: 'txn_never' }), 'gone')
    })

    it('reads a row to the cent, alone and in its list', async () => {
      const { feed, row } = await open()
      const alone = await feed.getLedgerRow(row.id)
      expect(alone).toMatchObject(row)
      expect(alone.source.charge?.id).toBe(row.chargeId)
      expect(await find((cursor) => feed.listLedger(cursor), row.id)).toEqual(alone)
      await refuses(feed.getLedgerRow('txn_never'), 'gone')
    })

    it('reads a charge, also by its intent and since its time', async () => {
      const { feed, charge } = await open()
      const { id, intentId, amountMinor, currency, occurredAt } = charge
      const read = await feed.getCharge(id)
      expect(read).toMatchObject({
        id,
        amountMinor,
        currency,
        occurredAt,
        status: 'succeeded',
        paymentIntentId: intentId,
      })
      expect(await feed.findChargeOf(intentId)).toEqual(read)
      expect(await feed.findChargeOf('pi_never')).toBeUndefined()
      expect(await find((cursor) => feed.listCharges(cursor, { createdFrom: occurredAt }), id)).toEqual(read)
      const later = { createdFrom: new Date(occurredAt.getTime() + 1_000) }
      expect(await find((cursor) => feed.listCharges(cursor, later), id)).toBeUndefined()
      await refuses(feed.getCharge('ch_never'), 'gone', 'resource_missing')
    })

    it('looks around a charge in three calls at most', async () => {
      const { feed, charge, reads } = await open()
      const read = await feed.getCharge(charge.id)
      const before = reads()
      const around = await feed.lookAround(read)
      expect(reads() - before).toBeLessThanOrEqual(3)
      expect(Object.keys(around).sort()).toEqual([
        'customerEmail',
        'customerMetadata',
        'customerName',
        'paymentIntentDescription',
        'paymentIntentMetadata',
        'sessions',
      ])
      const nothing = { ...read, paymentIntentId: 'pi_never', customerId: 'cus_never' }
      expect(await feed.lookAround(nothing)).toMatchObject({
        paymentIntentMetadata: {},
        sessions: [],
        customerName: '',
      })
      expect(reads() - before).toBeLessThanOrEqual(6)
    })

    it('reads what went back', async () => {
      const { feed, refundId, disputeId } = await open()
      expect(await feed.getRefund(refundId)).toMatchObject({ id: refundId, kind: 'refund' })
      expect(await feed.getDispute(disputeId)).toMatchObject({ id: disputeId, kind: 'dispute' })
      await refuses(feed.getRefund('re_never'), 'gone')
      await refuses(feed.getDispute('du_never'), 'gone')
    })

    it('itemises an automatic payout to the cent, and no other', async () => {
      const { feed, payouts } = await open()
      if (!payouts) return
      const { automatic: payout, manualId: manualPayoutId } = payouts
      const read = await feed.getPayout(payout.id)
      expect(read).toMatchObject({ ...payout, automatic: true })
      expect(await find((cursor) => feed.listPayouts(cursor, { arrivalFrom: payout.arrivalOn }), payout.id)).toEqual(
        read,
      )
      let netMinor = 0n
      let own: bigint | undefined
      await find(
        (cursor) => feed.listLedger(cursor, { payoutId: payout.id }),
        undefined,
        (row) => {
          if (row.type === 'payout') own = row.netMinor
          else netMinor += row.netMinor
        },
      )
      expect([netMinor, own]).toEqual([payout.amountMinor, -payout.amountMinor])
      expect((await feed.getPayout(manualPayoutId)).automatic).toBe(false)
      await refuses(feed.listLedger({}, { payoutId: manualPayoutId }), 'not_itemised')
      await refuses(feed.getPayout('po_never'), 'gone')
    })

    it('tells what happened since', async () => {
      const { feed, event } = await open()
      const list = (createdFrom: Date) => (cursor: object) => feed.listEvents(cursor, { createdFrom })
      let seen = false
      await find(list(event.occurredAt), undefined, (each) => {
        seen ||= each.type === event.type && each.objectId === event.objectId
        expect(each.occurredAt.getTime()).toBeGreaterThanOrEqual(event.occurredAt.getTime())
      })
      expect(seen).toBe(true)
    })

    it('says so when access was taken away', async () => {
      const { feed, charge, revoke } = await open()
      await revoke()
      await refuses(feed.getCharge(charge.id), 'revoked')
      await refuses(feed.listLedger({}), 'revoked')
    })
  })
}

const idsOf = (page: Page<{ id: string }>): string[] => {
  expect(page.rejected).toEqual([])
  return page.rows.map((row) => row.id)
}

/** Walks down all pages, past `each`, and returns the object with this id. */
async function find<T extends { id: string }>(
  list: (cursor: { before?: string }) => Promise<Page<T>>,
  id: string | undefined,
  each: (row: T) => void = () => {},
): Promise<T | undefined> {
  let found: T | undefined
  let page = await list({})
  for (;;) {
    for (const row of page.rows) {
      each(row)
      if (row.id === id) found = row
    }
    if (!page.more) return found
    page = await list({ before: page.rows.at(-1)!.id })
  }
}

async function refuses(work: Promise<unknown>, fault: StripeFault, reason?: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StripeFeedError)
  expect((error as StripeFeedError).fault).toBe(fault)
  if (reason !== undefined) expect((error as StripeFeedError).reason).toBe(reason)
}
