import { type Call, type CallRequest, Core, type PayymoOptions } from './core.ts'
import { Resources } from './generated/resources.ts'

/** The Payymo API: `payymo.transactions.list()`, `payymo.invoiceMatches.update(id, { status: 'approved' })`. */
export class Payymo extends Resources {
  readonly #core: Core

  constructor(options: PayymoOptions) {
    const core = new Core(options)
    super(core)
    this.#core = core
  }

  /** A call by its address, with everything the methods do besides: for what this version of the SDK does not know. */
  request<T = unknown>(request: CallRequest): Call<T> {
    return this.#core.call<T>(request)
  }
}
