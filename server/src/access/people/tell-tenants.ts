import { assert } from '../../base/errors.ts'
import { isId } from '../../base/ids.ts'
import type { JobKind } from '../../jobs/queue.ts'
import { getTenant } from '../tenants/queries.ts'
import { TELL_JOB } from './change-person.ts'
import type { People } from './deps.ts'
import { productName } from './invite-user.ts'
import { isNotice, noticeMail } from './mails.ts'
import { getUser } from './user-queries.ts'

/** Writes into a tenant's audit trail that one of its users changed how he signs in, and tells him by mail, in the name the
 *  tenant gives the product. A job, because a change of a person is no tenant's. */
export const tellJob = (people: People): JobKind => ({
  queue: TELL_JOB,
  concurrency: 2,
  expireInSeconds: 60,
  retryLimit: 5,
  retryDelaySeconds: 5,
  handle: async ({ of: tenantId, user: id, notice, mail, ip, requestId }) => {
    assert(
      isId('ten', tenantId) && isId('usr', id) && isNotice(notice),
      'a job names the tenant, the user and the news',
    )
    const product = await productName(people, tenantId)
    const user = await people.store.read(tenantId, (tx) => getUser(tx, id))
    if (!user) return
    const actor = {
      type: 'user' as const,
      id,
      name: user.name || user.email,
      ip: ip === null ? null : String(ip),
      requestId: requestId === null ? null : String(requestId),
    }
    await people.store.change(tenantId, actor, async (tx) => {
      tx.audit({ action: `user.${notice}`, resource: { type: 'user', id } })
      if (mail !== true) return
      const locale = (await getTenant(tx))?.settings.locale
      const link = `${people.publicUrl()}/auth/forgot`
      await people.mailer.queue(tx, noticeMail({ to: user.email, locale, product, notice, link }))
    })
  },
})
