import { Readable } from 'node:stream'
import type { TenantTx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'
import type { Answer } from '../http/route.ts'

const place = (keyDigest: Buffer) => ({
  table: 'idempotency_keys',
  column: 'sealed_answer',
  rowId: keyDigest.toString('hex'),
})

interface Kept {
  status: number
  headers: Record<string, string | string[]>
  body: string | null
}

/** The answer as it is kept: every byte that was sent, but for the fields that hold a new secret. Undefined where there are no
 *  bytes to keep, as for a stream. Sealed under the tenant's data key, for bodies hold what people are called and where
 *  they live, and one of a route that forgot to name its secrets must not lie open in a dump. */
export async function sealAnswer(
  vault: Vault,
  tx: TenantTx,
  keyDigest: Buffer,
  answer: Answer,
  secretFields: readonly string[],
): Promise<Buffer | undefined> {
  const { body } = answer
  if (body instanceof Readable || body instanceof Uint8Array) return undefined
  const kept: Kept = {
    status: answer.status,
    headers: {
      ...(body !== undefined && typeof body !== 'string' ? { 'content-type': 'application/json; charset=utf-8' } : {}),
      ...answer.headers,
    },
    body: body === undefined ? null : typeof body === 'string' ? body : withoutSecrets(body, secretFields),
  }
  return vault.seal(tx, place(keyDigest), JSON.stringify(kept))
}

/** The answer again, marked as a replay. */
export async function openAnswer(vault: Vault, tx: TenantTx, keyDigest: Buffer, sealed: Buffer): Promise<Answer> {
  const kept = JSON.parse((await vault.open(tx, place(keyDigest), sealed)).reveal()) as Kept
  return {
    status: kept.status,
    headers: { ...kept.headers, 'idempotency-replayed': 'true' },
    ...(kept.body === null ? {} : { body: kept.body }),
  }
}

const withoutSecrets = (body: unknown, secretFields: readonly string[]): string =>
  JSON.stringify(body, (name, value: unknown) => (secretFields.includes(name) ? undefined : value))
