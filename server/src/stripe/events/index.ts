/** What Stripe tells us: kept once, followed by reading again, and asked for where it was not told. */
export { catchUp } from './catch-up.ts'
export { type EventsDeps, type PlatformSecret } from './deps.ts'
export { eventJobs, eventSweeps } from './jobs.ts'
export { eventRoutes } from './routes.ts'
export { STRIPE_EVENTS } from './target.ts'
