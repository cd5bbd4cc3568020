const DAY_MS = 86_400_000
/** How long banks give consent for: 90 days by the older rule, 180 by the newer one. */
const LONG_DAYS = 180
const SHORT_DAYS = 90

/** Whole days until a moment, rounded up: on the last day there is one left; 0 after it. */
export const daysLeft = (expiresAt: string, nowMs: number): number =>
  Math.max(0, Math.ceil((Date.parse(expiresAt) - nowMs) / DAY_MS))

/** How full the ring is. What a bank granted is not told, so that the next longer usual time stands for the whole. */
export const consentShare = (days: number): number => Math.min(1, days / (days > SHORT_DAYS ? LONG_DAYS : SHORT_DAYS))
