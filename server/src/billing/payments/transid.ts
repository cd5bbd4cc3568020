import { createHash } from 'node:crypto'
import type { TenantId } from '../../base/ids.ts'

/** What a payment is, in words that survive a restore from backup, a reconnect and a new mirror of the invoices: nothing
 *  here is a serial number of ours, and nothing is a moment of writing. */
export interface PaymentIdentity {
  tenantId: TenantId
  /** `accounts.identity`: a digest of IBAN, BBAN or Stripe account, plus currency. */
  account: string
  /** `transactions.identity_key`, first stored with the line and never recomputed. */
  transactionKey: string
  /** The invoice as its owner knows it: the installation (`whmcs_instances.installation`: system URL without scheme, www
   *  and trailing slash) and the id there. Our own `inv_…` would differ once the mirror is built anew. */
  installation: string
  invoiceExternalId: string
  /** 1 unless the line pays the same invoice in several parts. */
  part: number
  /** 1, and one more for each payment of this line and invoice that was taken back. */
  generation: number
}

/** RFC 4648 base32; upper case only, because WHMCS's database compares ids without regard to case. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const LENGTH = 26
const PREFIX = 'PYM-'

/** The id under which the payment stands in the billing system: `PYM-` and 26 base32 characters (130 bits of SHA-256). The
 *  same payment has the same id for ever, so that a look-up by it answers whether the payment is there (reliability 2).
 *  Thirty characters: the longest id WHMCS keeps whole is unproven, sixty-four are known to work. */
export function transidOf(payment: PaymentIdentity): string {
  // JSON keeps the fields apart whatever they hold.
  const text = JSON.stringify([
    'payymo-transid-1',
    payment.tenantId,
    payment.account,
    payment.transactionKey,
    payment.installation,
    payment.invoiceExternalId,
    payment.part,
    payment.generation,
  ])
  const digest = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
  let id = PREFIX
  for (let n = 1; n <= LENGTH; n++) id += ALPHABET[Number((digest >> BigInt(256 - 5 * n)) & 31n)]
  return id
}

/** Whether the id is one that some Payymo made, ours or another's. */
export const isTransid = (text: string): boolean => /^PYM-[A-Z2-7]{26}$/.test(text)
