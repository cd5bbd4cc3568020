import { addDays } from '../../base/clock.ts'
import { BillingError, type BilledStatus, type BillingSystem, type ListedInvoice } from '../billing-system.ts'
import type { KnownInvoice } from './queries.ts'
import type { ReadInvoice } from './save-invoices.ts'

export const OPEN_STATUSES = ['unpaid', 'payment_pending', 'collections'] as const
const CLOSED_STATUSES = ['paid', 'refunded', 'cancelled'] as const
/** Closed invoices count for so long (contract 4.5). */
const CLOSED_DAYS = 400
/** Nobody is expected to pay an invoice later than this after it was issued; lists of closed ones are left there. */
const LATE_DAYS = 365
const SAVE_ROWS = 50

export interface Reading {
  system: BillingSystem
  known: Map<string, KnownInvoice>
  /** External ids of open invoices to read again although their list says nothing new. */
  stale: string[]
  /** Whether to walk through all closed invoices of the window rather than to stop at the first page without news. */
  allClosed: boolean
  today: string
  /** Whether there is time for one more invoice; false ends the reading, which a later one takes up. */
  mayRead: () => boolean
  save: (read: ReadInvoice[]) => Promise<void>
  report: (error: BillingError) => void
}

/** Reads what changed in an installation, open invoices first. Asks for the invoice itself only where its list shows something
 *  new, and hands on what it read in small portions. Returns whether everything was seen. Throws BillingError. */
export async function readInstallation(reading: Reading): Promise<boolean> {
  const { known } = reading
  const batch = createBatch(reading)
  const listedOpen = new Set<string>()
  const readAgain = new Set<string>()

  for (const status of OPEN_STATUSES) {
    for await (const page of reading.system.listInvoices(status)) {
      for (const row of page) {
        listedOpen.add(row.externalId)
        if (known.get(row.externalId)?.digest === row.digest) continue
        if (!(await batch.read(row.externalId, row.currency, row))) return false
        readAgain.add(row.externalId)
      }
      await batch.flush()
    }
  }
  for (const status of CLOSED_STATUSES) {
    if (!(await readClosed(reading, status, batch, readAgain))) return false
  }
  // What has left the lists of open invoices without showing among the closed ones: paid long after its time, drafted, merged.
  for (const { externalId, currency, status } of known.values()) {
    if (!isOpen(status) || listedOpen.has(externalId) || readAgain.has(externalId)) continue
    if (!(await batch.read(externalId, currency, null))) return false
  }
  for (const externalId of reading.stale) {
    const invoice = known.get(externalId)
    if (!invoice || !listedOpen.has(externalId) || readAgain.has(externalId)) continue
    if (!(await batch.read(externalId, invoice.currency, null))) break
  }
  await batch.flush()
  return true
}

const isOpen = (status: BilledStatus): boolean => (OPEN_STATUSES as readonly BilledStatus[]).includes(status)

/** Closed invoices come newest first, so that what is new stands on the first pages. */
async function readClosed(
  reading: Reading,
  status: BilledStatus,
  batch: Batch,
  readAgain: Set<string>,
): Promise<boolean> {
  const since = addDays(reading.today, -CLOSED_DAYS)
  const oldest = addDays(since, -LATE_DAYS)
  for await (const page of reading.system.listInvoices(status)) {
    let news = 0
    for (const row of page) {
      const known = reading.known.get(row.externalId)
      if (known ? known.digest === row.digest : !within(row, since)) continue
      news += 1
      if (!(await batch.read(row.externalId, row.currency, row))) return false
      readAgain.add(row.externalId)
    }
    await batch.flush()
    if (news === 0 && !reading.allClosed) break
    if (page.every((row) => row.issuedOn !== null && row.issuedOn < oldest)) break
  }
  return true
}

const within = (row: ListedInvoice, since: string): boolean => {
  const day = row.closedOn ?? row.issuedOn
  return day === null || day >= since
}

interface Batch {
  /** Reads one invoice; false when there was no time left. */
  read(externalId: string, currency: string, listed: ListedInvoice | null): Promise<boolean>
  flush(): Promise<void>
}

function createBatch({ system, mayRead, save, report }: Reading): Batch {
  let rows: ReadInvoice[] = []
  const flush = async (): Promise<void> => {
    const full = rows
    rows = []
    if (full.length > 0) await save(full)
  }
  return {
    flush,
    read: async (externalId, currency, listed) => {
      if (!mayRead()) {
        await flush()
        return false
      }
      try {
        const startedAt = performance.now()
        const invoice = await system.getInvoice(externalId, currency)
        rows.push({ externalId, invoice: invoice ?? null, startedAt, listed })
      } catch (error) {
        // One invoice that cannot be understood must not hide all others.
        if (error instanceof BillingError && error.code === 'unreadable') report(error)
        else {
          await flush()
          throw error
        }
      }
      if (rows.length >= SAVE_ROWS) await flush()
      return true
    },
  }
}
