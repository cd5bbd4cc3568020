/** How much of the traffic to a provider may be retries: a share of the calls made, so that an outage is not answered with
 *  three times the load (reliability 11). */
export interface RetryBudget {
  /** A first try: earns a share of a retry. */
  called(key: string): void
  /** Whether a retry may be made now; takes it from the budget when it may. */
  mayRetry(key: string): boolean
}

export interface RetryBudgetOptions {
  /** Retries per call, on average. Default 0.2. */
  share?: number
  /** Retries in hand at first and at most, so that few calls may be retried too. Default 10. */
  reserve?: number
}

/** A budget per key (tenant and provider), kept in this process. */
export function createRetryBudget({ share = 0.2, reserve = 10 }: RetryBudgetOptions = {}): RetryBudget {
  const inHand = new Map<string, number>()
  return {
    called: (key) => void inHand.set(key, Math.min(reserve, (inHand.get(key) ?? reserve) + share)),
    mayRetry: (key) => {
      const left = inHand.get(key) ?? reserve
      if (left < 1) return false
      inHand.set(key, left - 1)
      return true
    },
  }
}
