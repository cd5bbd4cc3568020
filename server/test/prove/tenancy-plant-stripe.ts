import { newId, uuidOf } from '../../src/base/ids.ts'
import type { TenantTx } from '../../src/database/transaction.ts'

/** A row of the tenant in every table of Stripe, so that none is empty: written as they are, since nothing is to be read at Stripe. */
export async function plantStripe(tx: TenantTx, canary: string): Promise<void> {
  const connection = uuidOf(newId('strc'))
  const payout = uuidOf(newId('pout'))
  const at = [tx.tenantUuid, connection]
  await tx.run(
    `insert into stripe_connections (tenant_id, id, kind, account_id, account, account_name, livemode, status, connected_at)
     values ($1, $2::uuid, 'connect_oauth', 'acct_' || $2::uuid, 'acct_' || $2::uuid || '|live', $3, true, 'active', now())`,
    [...at, canary],
  )
  await tx.run(
    `insert into stripe_states (tenant_id, id, connection_id, state_digest, actor, livemode, redirect_url, way, expires_at)
     values ($1, $3, $2::uuid, uuid_send($2::uuid), '{}', true, 'https://billing.example.com/canary', 'caller', now() + interval '1 hour')`,
    [...at, uuidOf(newId('req'))],
  )
  await tx.run(
    `insert into payouts (tenant_id, id, connection_id, external_id, amount_minor, currency, status, automatic, arrival_on, descriptor, occurred_at)
     values ($1, $3, $2, 'po_canary', 100, 'EUR', 'paid', true, current_date, $4, now())`,
    [...at, payout, canary],
  )
  await tx.run(
    `insert into stripe_ledger (tenant_id, connection_id, external_id, type, category, amount_minor, fee_minor, net_minor, currency,
       source_id, charge_id, payout_id, status, occurred_at, description)
     values ($1, $2, 'txn_canary', 'charge', 'charge', 100, 0, 100, 'EUR', 'ch_canary', 'ch_canary', $3, 'available', now(), $4)`,
    [...at, payout, canary],
  )
  await tx.run(
    `insert into stripe_charges (tenant_id, connection_id, external_id, amount_minor, captured_minor, refunded_minor, currency, status,
       captured, disputed, payer_name, occurred_at)
     values ($1, $2, 'ch_canary', 100, 100, 0, 'EUR', 'succeeded', true, false, $3, now())`,
    [...at, canary],
  )
  await tx.run(
    `insert into stripe_returns (tenant_id, connection_id, external_id, kind, charge_id, amount_minor, currency, status, final, occurred_at)
     values ($1, $2, 're_canary', 'refund', 'ch_canary', 100, 'EUR', 'succeeded', true, now())`,
    at,
  )
  await tx.run(
    `insert into stripe_events (tenant_id, connection_id, external_id, type, occurred_at, state)
     values ($1, $2, 'evt_canary', 'charge.succeeded', now(), 'done')`,
    at,
  )
  await tx.run('insert into stripe_reads (tenant_id, connection_id, day) values ($1, $2, current_date)', at)
}
