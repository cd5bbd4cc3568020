/** Stripe accounts: how they are connected, called, and let go. */
export { callbackRoutes } from './callback.ts'
export type { BrowserCall, ConnectionsDeps } from './deps.ts'
export { disconnectAllStripe } from './disconnect.ts'
export { connectionJobs } from './jobs.ts'
export { type ConnectionRow, getConnection, lockConnection } from './queries.ts'
export { connectionRoutes } from './routes.ts'
export { connectionSchema, connectionExample, presentConnection } from './schemas.ts'
export { connectionWorks, withFeed } from './with-feed.ts'
