export { isPublicAddress } from './addresses.ts'
export { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts'
export { type Bulkhead, type BulkheadOptions, createBulkhead } from './bulkhead.ts'
export { type OutboundPolicy, TENANT_PORTS } from './check-url.ts'
export {
  createOutbound,
  type Outbound,
  type OutboundAnswer,
  type OutboundDownload,
  type OutboundOptions,
  type OutboundRecord,
  type OutboundRequest,
} from './client.ts'
export { type Resolve } from './connect.ts'
export { LaterError } from './later.ts'
export { OutboundError, type OutboundStage } from './outbound-error.ts'
export { createRetryBudget, type RetryBudget } from './retry-budget.ts'
export { readRetryAfter, retryDelayMs, type RetryPlan } from './retry-delay.ts'
