/** Stripe: accounts, what moved on them, and which payout on the bank statement is made of what. */
export type { ConnectionRef, StripeAccess, StripeDeps, StripePlatform } from './deps.ts'
export type { StripeFeed } from './stripe-feed.ts'
