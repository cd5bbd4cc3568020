import { createWhmcs, DEFAULT_CREDENTIAL, type WhmcsOptions, type WhmcsSimulator } from './index.ts'

/** What tests read from an answer: any JSON. */
export interface Json {
  [key: string]: string | number | boolean | null | Json | Json[]
}

/** For the simulator's own tests: a plain caller of its API, with the default credential. */
export class Caller {
  readonly whmcs: WhmcsSimulator

  constructor(whmcs: WhmcsSimulator) {
    this.whmcs = whmcs
  }

  /** The raw response to a form-encoded POST with exactly these fields. */
  raw(fields: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.whmcs.url}/includes/api.php`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
      signal: signal ?? null,
    })
  }

  /** As `raw`, with credential and `responsetype=json`. */
  post(action: string, fields: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    return this.raw({ ...DEFAULT_CREDENTIAL, responsetype: 'json', action, ...fields }, signal)
  }

  async call(action: string, fields: Record<string, string> = {}): Promise<Json> {
    return (await (await this.post(action, fields)).json()) as Json
  }

  /** Pays by bank transfer, dated, and gives the whole answer. */
  pay(invoiceid: number, amount: string, transid: string, more: Record<string, string> = {}): Promise<Json> {
    return this.call('AddInvoicePayment', {
      invoiceid: String(invoiceid),
      amount,
      transid,
      gateway: 'banktransfer',
      date: '2026-03-02 00:00:00',
      ...more,
    })
  }

  invoice(id: number): Promise<Json> {
    return this.call('GetInvoice', { invoiceid: String(id) })
  }

  /** The client's credit balance. */
  async credit(clientid: number): Promise<unknown> {
    return (await this.call('GetClientsDetails', { clientid: String(clientid) })).credit
  }
}

/** Runs the work against a fresh simulator: one client (1) in US dollars with one open invoice (1) of 120.00, unless seeded. */
export async function withWhmcs(options: WhmcsOptions, work: (caller: Caller) => Promise<void>): Promise<void> {
  const seed = { clients: [{ name: 'Ada Lovelace' }], invoices: [{ client: 1, total: '120.00' }] }
  const whmcs = await createWhmcs({ seed, ...options })
  try {
    await work(new Caller(whmcs))
  } finally {
    await whmcs.close()
  }
}
