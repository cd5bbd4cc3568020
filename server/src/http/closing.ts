import type { FastifyInstance } from 'fastify'
import { AppError } from '../base/errors.ts'

/** How often connections that have fallen idle are looked for: one that waits between two requests would otherwise hold the
 *  end up for as long as it may wait. */
const IDLE_LOOK_MS = 100

/** Refuses requests that come on open connections while the others are finished, in our own words. */
export function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onRequest', async (_request, reply) => {
    if (!closing) return
    reply.header('connection', 'close')
    throw new AppError('service_unavailable', 'Payymo is shutting down. Try again in a few seconds.', {
      retryAfterSeconds: 5,
    })
  })
}

/** Takes no more connections, lets what is under way finish for at most `graceMs`, then cuts what is left: nobody who sends or
 *  reads slowly holds the end up (reliability 42). */
export async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_LOOK_MS)
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs)
  try {
    await app.close()
  } finally {
    clearInterval(idle)
    clearTimeout(cut)
  }
}
