import { AppError, notFound } from '../../base/errors.ts'
import { type Id, newId, type TenantId } from '../../base/ids.ts'
import { isUniqueViolation } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { StripeDeps } from '../deps.ts'
import { SYNC_JOB } from '../job-names.ts'
import { closeConnectionAlerts } from './alerts.ts'
import { addReads, insertConnection, setConnected, setFault, setKey } from './changes.ts'
import { faultError } from './faults.ts'
import { beginReading } from './keep-authorized.ts'
import { judgeSecrets } from './key-format.ts'
import { PROBE_READS, type ProbedKey, probeKey } from './probe-key.ts'
import { type ConnectionRow, getConnection, isLive, lockByAccount, lockConnection, ONE_TENANT } from './queries.ts'

/** Connects an account by a restricted key of its own. A connection of this tenant that had the account and does not work goes on
 *  under its id. Nothing is stored when anything is refused: `validation_failed` names what is wrong with the key or lacks to it,
 *  `resource_conflict` when the account is connected already, here or elsewhere. */
export async function connectKey(
  deps: StripeDeps,
  tenantId: TenantId,
  actor: Actor,
  given: {
    apiKey: string
    webhookSecret: string | undefined
    accountName: string | undefined
    backfillDays: number | undefined
  },
): Promise<ConnectionRow> {
  const livemode = await deps.store.read(tenantId, isLive)
  judgeSecrets(
    { apiKey: given.apiKey, ...(given.webhookSecret === undefined ? {} : { webhookSecret: given.webhookSecret }) },
    livemode,
  )
  const probed = await probeKey(deps, tenantId, given.apiKey)
  const { accountId } = probed
  const facts = { ...probed.facts, name: given.accountName ?? probed.facts.name }
  try {
    return await deps.store.change(tenantId, actor, async (tx) => {
      const known = await lockByAccount(tx, accountId, livemode)
      if (known?.status === 'active') throw connectedHere(known)
      const id = known?.id ?? newId('strc')
      if (!known) await insertConnection(tx, { id, kind: 'restricted_key', livemode, backfillDays: given.backfillDays })
      const seal = (column: string, text: string) =>
        deps.vault.seal(tx, { table: 'stripe_connections', column, rowId: id }, text)
      await setConnected(tx, id, {
        kind: 'restricted_key',
        accountId,
        livemode,
        scope: null,
        facts,
        sealedApiKey: await seal('sealed_api_key', given.apiKey),
        sealedWebhookSecret:
          given.webhookSecret === undefined ? null : await seal('sealed_webhook_secret', given.webhookSecret),
        missingPermissions: probed.missing,
      })
      await addReads(tx, id, PROBE_READS)
      await beginReading(deps, tx, id, known)
      return (await getConnection(tx, id))!
    })
  } catch (error) {
    throw isUniqueViolation(error, ONE_TENANT) ? faultError('account_taken') : error
  }
}

/** Gives a connection another key, another webhook secret, or (null) none. The key must be of the same account. What was wrong
 *  with the connection before is over, and it is read at once. Throws as `connectKey`, and `resource_not_found`. */
export async function changeKey(
  deps: StripeDeps,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'strc'>,
  patch: { apiKey?: string | undefined; webhookSecret?: string | null | undefined; accountName?: string | undefined },
): Promise<ConnectionRow> {
  const before = await deps.store.read(tenantId, (tx) => getConnection(tx, id))
  if (!before) throw notFound()
  refuseUnchangeable(before)
  judgeSecrets(
    {
      ...(patch.apiKey === undefined ? {} : { apiKey: patch.apiKey }),
      ...(patch.webhookSecret === undefined ? {} : { webhookSecret: patch.webhookSecret }),
    },
    before.livemode,
  )
  const probed = patch.apiKey === undefined ? undefined : await probeKey(deps, tenantId, patch.apiKey)
  if (probed && probed.accountId !== before.accountId) throw otherAccount(before, probed)
  return deps.store.change(tenantId, actor, async (tx) => {
    const now = await lockConnection(tx, id)
    if (!now) throw notFound()
    refuseUnchangeable(now)
    const seal = (column: string, text: string) =>
      deps.vault.seal(tx, { table: 'stripe_connections', column, rowId: id }, text)
    await setKey(tx, id, {
      ...(patch.accountName === undefined ? {} : { accountName: patch.accountName }),
      ...(patch.apiKey === undefined || !probed
        ? {}
        : { sealedApiKey: await seal('sealed_api_key', patch.apiKey), missingPermissions: probed.missing }),
      ...(patch.webhookSecret === undefined
        ? {}
        : {
            sealedWebhookSecret:
              patch.webhookSecret === null ? null : await seal('sealed_webhook_secret', patch.webhookSecret),
          }),
    })
    if (probed) {
      await addReads(tx, id, PROBE_READS)
      await setFault(tx, id, null)
      await closeConnectionAlerts(tx, id)
      tx.job(SYNC_JOB, { connectionId: id }, { onlyOne: id })
    }
    tx.audit({
      action: 'stripe_connection.change',
      resource: { type: 'stripe_connection', id },
      changes: {
        after: {
          ...(patch.accountName === undefined ? {} : { account_name: patch.accountName }),
          ...(probed ? { api_key: 'replaced' } : {}),
          ...(patch.webhookSecret === undefined
            ? {}
            : { webhook_secret: patch.webhookSecret === null ? 'removed' : 'replaced' }),
        },
      },
    })
    return (await getConnection(tx, id))!
  })
}

function refuseUnchangeable(row: ConnectionRow): void {
  if (row.status === 'disconnected')
    throw new AppError(
      'resource_conflict',
      'This connection was disconnected. Connect the account again; it goes on under the same id.',
    )
  if (row.kind !== 'restricted_key')
    throw new AppError('validation_failed', 'This account was connected at Stripe and has no key of its own to change.')
}

const connectedHere = (known: ConnectionRow): AppError =>
  new AppError(
    'resource_conflict',
    `The account of this key is connected already, as ${known.id}. ${known.kind === 'restricted_key' ? 'Give it the new key with PATCH.' : 'Disconnect it first.'}`,
    { details: [{ field: 'api_key', issue: `Belongs to the account of ${known.id}` }] },
  )

const otherAccount = (before: ConnectionRow, probed: ProbedKey): AppError =>
  new AppError(
    'validation_failed',
    `The key belongs to ${probed.accountId}, and this connection is of ${before.accountId}. Connect the other account with POST /stripe-connections.`,
    { details: [{ field: 'api_key', issue: 'Belongs to another account' }] },
  )
