import type pg from 'pg'

/** How long we wait for the answer to a statement: a little longer than the server works on one, so that it is the server who gives
 *  up. Longer waits only who is cut off without a word (a firewall that forgot the connection, a machine that is gone): the
 *  operating system alone would let a query hang for a quarter of an hour. */
export const PATIENCE_MS = 7_500
/** The longest a timer runs: 24 days. */
const FOR_EVER_MS = 2 ** 31 - 1

/** A statement for which the server's limit was raised, and ours with it. */
export const patient = (text: string, withinMs = FOR_EVER_MS): pg.QueryConfig => {
  const query: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: withinMs }
  return query
}

/** Whether it is the driver's word for a statement without an answer. Nobody knows whether it was carried out; whatever is sent
 *  after it on this connection would wait behind it. Source: pg, Client.query. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Query read timeout'
