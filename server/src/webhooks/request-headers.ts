import type { DeliveryRow } from './delivery-queries.ts'

/** Everything an attempt says besides the event's bytes. `signature`: from `signatureHeaders`. */
export const requestHeaders = (
  attempt: { deliveryId: string; number: number },
  signature: Record<string, string>,
): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'Payymo-Webhooks/1',
  'x-payymo-delivery': attempt.deliveryId,
  'x-payymo-attempt': String(attempt.number),
  ...signature,
})

/** In place of a signature: what was signed is known, the signature itself is nobody's to read a second time. */
const HIDDEN = '(hidden)'

/** The headers of the last attempt in the log, as they were sent, but for the signatures; null while there was none. */
export function shownHeaders(delivery: DeliveryRow): Record<string, string> | null {
  const last = delivery.attempts.at(-1)
  if (!last) return null
  const t = String(Math.floor(Date.parse(last.at) / 1000))
  return requestHeaders(
    // Every attempt leaves one line.
    { deliveryId: delivery.id, number: delivery.attempts.length },
    {
      'x-payymo-signature': `t=${t},v1=${HIDDEN}`,
      'webhook-id': delivery.eventId,
      'webhook-timestamp': t,
      'webhook-signature': `v1,${HIDDEN}`,
    },
  )
}
