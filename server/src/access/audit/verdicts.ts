import type { Clock } from '../../base/clock.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { type AuditVerdict, type ChainPoint, headOf, walkAudit } from '../../events/verify-audit.ts'
import type { AuditHeads } from './heads.ts'

/** How long a verdict stands for a chain that has not grown since. */
const REMEMBERED_MS = 60_000

interface Remembered {
  head: string
  at: number
  verdict: AuditVerdict
}

/** Verdicts on chains. A long chain takes seconds of the database's work, and one key may ask without end: a tenant's chain is
 *  walked once at a time, and who asks meanwhile gets the answer that is under way; a chain whose head, here and outside the
 *  database, is the same gets the same verdict for a minute. */
export function createVerdicts(deps: {
  store: Store
  heads: AuditHeads
  clock: Clock
}): (tenantId: TenantId) => Promise<AuditVerdict> {
  const { store, heads, clock } = deps
  const walking = new Map<TenantId, Promise<AuditVerdict>>()
  const remembered = new Map<TenantId, Remembered>()

  const isFresh = ({ at }: Remembered) => Math.abs(clock.now().getTime() - at) < REMEMBERED_MS

  async function verify(tenantId: TenantId): Promise<AuditVerdict> {
    const outside = await heads.newest(tenantId)
    const head = [await store.read(tenantId, headOf), ...(outside ? [outside] : [])].map(nameOf).join(' ')
    const known = remembered.get(tenantId)
    if (known?.head === head && isFresh(known)) return known.verdict
    const at = clock.now().getTime()
    const verdict = await walkAudit((work) => store.read(tenantId, work), outside ? [outside] : [])
    for (const [id, old] of remembered) if (!isFresh(old)) remembered.delete(id)
    remembered.set(tenantId, { head, at, verdict })
    return verdict
  }

  return (tenantId) => {
    const running = walking.get(tenantId) ?? verify(tenantId).finally(() => walking.delete(tenantId))
    walking.set(tenantId, running)
    return running
  }
}

const nameOf = ({ sequence, hash }: ChainPoint): string => `${sequence}:${hash.toString('hex')}`
