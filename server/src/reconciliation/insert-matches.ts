import { type Id, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Reason } from '../matching/index.ts'
import { type MatchState, reasonCodes } from './queries.ts'

/** A match to be stored. */
export interface NewMatch {
  id: Id<'match'>
  transactionId: Id<'txn'>
  status: MatchState
  confidence: string
  score: string
  reasons: Reason[]
  withheld: Reason[]
  decidedBy: string | null
  decidedAt: Date | null
  /** `externalPaymentId`: the payment in the billing system that the line is, where somebody else booked it. */
  allocations: { invoiceId: Id<'inv'>; amountMinor: bigint; currency: string; externalPaymentId?: string }[]
}

export const insertMatch = (tx: TenantTx, match: NewMatch): Promise<void> => insertMatches(tx, [match])

/** Stores matches with their allocations, in two statements. */
export async function insertMatches(tx: TenantTx, matches: readonly NewMatch[]): Promise<void> {
  if (matches.length === 0) return
  await tx.run(
    `insert into matches (tenant_id, id, transaction_id, status, confidence, score, match_reason, reasons, withheld, decided_by, decided_at)
     select $1, row.id, row.transaction_id, row.status, row.confidence, row.score, row.match_reason, row.reasons::json, row.withheld::json,
       row.decided_by, row.decided_at
       from unnest($2::uuid[], $3::uuid[], $4::text[], $5::numeric[], $6::numeric[], $7::text[], $8::text[], $9::text[], $10::text[],
         $11::timestamptz[])
         as row (id, transaction_id, status, confidence, score, match_reason, reasons, withheld, decided_by, decided_at)`,
    [
      tx.tenantUuid,
      matches.map((match) => uuidOf(match.id)),
      matches.map((match) => uuidOf(match.transactionId)),
      matches.map((match) => match.status),
      matches.map((match) => match.confidence),
      matches.map((match) => match.score),
      matches.map((match) => reasonCodes(match.reasons)),
      matches.map((match) => JSON.stringify(match.reasons)),
      matches.map((match) => JSON.stringify(match.withheld)),
      matches.map((match) => match.decidedBy),
      matches.map((match) => match.decidedAt),
    ],
  )
  const parts = matches.flatMap((match) =>
    match.allocations.map((part, n) => ({ ...part, matchId: match.id, position: n + 1 })),
  )
  await tx.run(
    `insert into match_allocations (tenant_id, match_id, invoice_id, position, amount_minor, currency, external_payment_id)
     select $1, row.match_id, row.invoice_id, row.position, row.amount_minor, row.currency, row.external_payment_id
       from unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::text[], $7::text[])
         as row (match_id, invoice_id, position, amount_minor, currency, external_payment_id)`,
    [
      tx.tenantUuid,
      parts.map((part) => uuidOf(part.matchId)),
      parts.map((part) => uuidOf(part.invoiceId)),
      parts.map((part) => part.position),
      parts.map((part) => String(part.amountMinor)),
      parts.map((part) => part.currency),
      parts.map((part) => part.externalPaymentId ?? null),
    ],
  )
}
