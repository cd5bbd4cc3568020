import { createHash, randomBytes } from 'node:crypto'
import { AppError, notFound } from '../base/errors.ts'
import { type Id, newId, type TenantId, uuidOf } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { BankingDeps } from './deps.ts'
import { feedError } from './feed-errors.ts'
import { insertConsent } from './consent-queries.ts'
import { getConnection, insertConnection } from './queries.ts'

/** A consent must be given within this time; after it the attempt counts as failed. */
const CONSENT_WINDOW_MS = 3_600_000
const DEFAULT_HISTORY_DAYS = 90
/** The person may never come back: from then on we ask the provider ourselves. */
export const CONSENT_POLL_MS = 60_000

export interface StartedConnection {
  authorizationUrl: string
  authorizationId: string
  connectionId: Id<'bank'>
  expiresAt: Date
}

/** Digest under which the reference is kept: the reference itself is the key to the way back and is not stored. */
export const referenceDigest = (reference: string): Buffer => createHash('sha256').update(reference).digest()

/** Begins a consent at the bank, for a new connection or (with `connectionId`) for one that is known and keeps its id.
 *  Throws `validation_failed` for an unknown bank or a refused redirect, `bank_integration_error` when the provider
 *  fails, `resource_conflict` for a connection that was revoked. */
export async function initializeConnection(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  wanted: {
    institutionId?: string | undefined
    connectionId?: Id<'bank'>
    redirectUrl: string
    maxHistoryDays: number | undefined
    language: string | undefined
  },
): Promise<StartedConnection> {
  checkRedirect(wanted.redirectUrl, deps.production)
  const feed = await deps.feedOf(tenantId)
  if (!feed) {
    throw new AppError(
      'validation_failed',
      'No bank data provider is configured. Set GOCARDLESS_SECRET_ID and GOCARDLESS_SECRET_KEY, or import statement files.',
    )
  }
  const known =
    wanted.connectionId && (await deps.store.read(tenantId, (tx) => getConnection(tx, wanted.connectionId!)))
  if (wanted.connectionId && !known) throw notFound()
  if (known?.status === 'revoked')
    throw new AppError('resource_conflict', 'This connection was revoked. Make a new one in its place.')
  if (known?.provider === 'file') throw new AppError('validation_failed', 'Statement files need no consent at a bank.')
  const institutionId = known?.institutionId ?? wanted.institutionId!

  const reference = randomBytes(24).toString('base64url')
  const historyDays = wanted.maxHistoryDays ?? DEFAULT_HISTORY_DAYS
  const { institution, consent } = await feedError(async () => {
    const institution = await feed.getInstitution(institutionId)
    if (!institution) {
      throw new AppError(
        'validation_failed',
        `No bank has the id "${institutionId}". GET /institutions lists those there are.`,
        {
          details: [{ field: 'institution_id', issue: 'Is not known to the provider' }],
        },
      )
    }
    const consent = await feed.startConsent({
      institution,
      redirectUrl: `${deps.publicUrl()}/callbacks/gocardless`,
      reference,
      historyDays,
      language: wanted.language,
    })
    return { institution, consent }
  })

  const connectionId = known?.id ?? newId('bank')
  const expiresAt = new Date(deps.clock.now().getTime() + CONSENT_WINDOW_MS)
  await deps.store.change(tenantId, actor, async (tx) => {
    if (!known) {
      await insertConnection(tx, {
        id: connectionId,
        provider: 'gocardless',
        name: institution.name,
        institutionId: institution.id,
        bankName: institution.name,
        status: 'pending',
      })
    }
    await insertConsent(tx, {
      uuid: uuidOf(newId('req')),
      connectionId,
      requisitionId: consent.requisitionId,
      referenceDigest: referenceDigest(reference),
      redirectUrl: wanted.redirectUrl,
      maxHistoryDays: consent.historyDays,
      accessDays: consent.accessDays,
      expiresAt,
      pollInMs: deps.scaled(CONSENT_POLL_MS),
    })
    tx.audit({
      action: known ? 'bank_connection.reconnect' : 'bank_connection.initialize',
      resource: { type: 'bank_connection', id: connectionId },
      changes: { after: { institution_id: institution.id } },
    })
  })
  return { authorizationUrl: consent.link, authorizationId: consent.requisitionId, connectionId, expiresAt }
}

/** https, or http on loopback outside production; no fragment, no user-info; a query of its own is kept. */
function checkRedirect(text: string, production: boolean): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const loopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  const fine =
    url &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && loopback && !production)) &&
    !url.hash &&
    !url.username
  if (fine) return
  throw new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [
      {
        field: 'redirect_url',
        issue: 'Must be an https address without a fragment (http only on loopback, outside production)',
      },
    ],
  })
}
