/** Queues that more than one part of stripe/ puts work into. */

/** Reads a connection: `{ connectionId }`. */
export const SYNC_JOB = 'stripe.sync'
