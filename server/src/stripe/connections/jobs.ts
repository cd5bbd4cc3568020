import type { Id } from '../../base/ids.ts'
import type { JobKind } from '../../jobs/queue.ts'
import type { StripeDeps } from '../deps.ts'
import { DEAUTHORIZE_JOB, deauthorizeConnection } from './deauthorize.ts'
import { EXPIRE_JOB, expireAuthorization } from './expire-authorization.ts'

export const connectionJobs = (deps: StripeDeps): JobKind[] => [
  {
    queue: EXPIRE_JOB,
    concurrency: 2,
    expireInSeconds: 60,
    retryLimit: 5,
    retryDelaySeconds: 60,
    handle: (data) => expireAuthorization(deps, data.tenantId, data.connectionId as Id<'strc'>),
  },
  {
    queue: DEAUTHORIZE_JOB,
    concurrency: 2,
    // One call of at most 20 s.
    expireInSeconds: 60,
    retryLimit: 8,
    retryDelaySeconds: 60,
    handle: async (data) => {
      if (!(await deauthorizeConnection(deps, data.tenantId, data.connectionId as Id<'strc'>)))
        throw new Error('Stripe did not say whether the account was deauthorised')
    },
  },
]
