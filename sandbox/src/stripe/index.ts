import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Control } from './control/control.ts'
import { serve } from './serve.ts'
import { type MerchantSpec, type PlatformSpec, SANDBOX_MERCHANT, SANDBOX_PLATFORM } from './world/merchants.ts'
import { World } from './world/world.ts'

export type { Fault, FaultRequest } from './api/faults.ts'
export { Control, type Sending } from './control/control.ts'
export { Desk } from './control/desk.ts'
export { API_VERSION, Impossible } from './ledger/book.ts'
export type { ChargeOrder } from './ledger/charge-order.ts'
export type { MerchantTerms, TermChanges } from './ledger/merchant.ts'
export type { BankLine } from './seed/bank-lines.ts'
export { type CardMonth, type CardSale, cardMonth } from './seed/card-month.ts'
export { type LedgerOptions, seedLedger } from './seed/ledger.ts'
export type { LedgerTruth, TruthCharge, TruthItem, TruthPayout } from './seed/truth-of.ts'
export type { Attempt, DeliveryWays } from './webhooks/dispatcher.ts'
export { FORGERIES, type Forgery } from './webhooks/forgeries.ts'
export { SIGNATURE_MODES, type SignatureMode, signatureHeader } from './webhooks/sign.ts'
export {
  type MerchantSpec,
  type Mode,
  type Permissions,
  type PlatformSpec,
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
} from './world/merchants.ts'

export interface StripeOptions {
  /** Where the clock starts, ISO; frozen there unless `frozen` is false. Absent: the real time, running. */
  now?: string
  frozen?: boolean
  /** Makes ids; the same seed gives the same ids. */
  seed?: string
  /** `SANDBOX_PLATFORM` when absent. */
  platforms?: PlatformSpec[]
  /** `SANDBOX_MERCHANT` when absent. */
  merchants?: MerchantSpec[]
  /** Where connections and webhook endpoints are kept, so that a simulator started again goes on. Ledgers come from their seeds. */
  stateFile?: string
}

export interface StripeServerOptions extends StripeOptions {
  /** 0, the default: any free port. */
  port?: number
  /** `127.0.0.1` by default. */
  host?: string
}

export interface StripeSimulator {
  control: Control
  handle: (request: IncomingMessage, response: ServerResponse) => void
  /** Lets everything due by the clock happen. */
  turn: () => void
}

export interface StripeServer {
  /** Base URL without path: serves `/v1/*`, `/oauth/*` and `/__control/*`. */
  url: string
  control: Control
  /** Cuts all connections and frees the port. */
  close: () => Promise<void>
}

/** A simulated Stripe without a socket. */
export function createStripeSimulator(options: StripeOptions = {}): StripeSimulator {
  const world = new World({
    ...options,
    platforms: options.platforms ?? [SANDBOX_PLATFORM],
    merchants: options.merchants ?? [SANDBOX_MERCHANT],
  })
  const control = new Control(world)
  return {
    control,
    handle: (request, response) => serve(world, control, request, response),
    turn: () => world.catchUp(),
  }
}

const TURN_EVERY_MS = 1000

/** Starts a simulated Stripe. Resolves when it listens. While its clock runs it looks every second for what is due. */
export async function startStripe(options: StripeServerOptions = {}): Promise<StripeServer> {
  const { port = 0, host = '127.0.0.1', ...rest } = options
  const simulator = createStripeSimulator(rest)
  const server = createServer(simulator.handle)
  server.listen(port, host)
  await once(server, 'listening')
  const timer = setInterval(simulator.turn, TURN_EVERY_MS)
  timer.unref()
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    control: simulator.control,
    close: async () => {
      clearInterval(timer)
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
