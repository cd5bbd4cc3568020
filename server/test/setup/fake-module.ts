import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { BillingBench } from './factories-billing.ts'
import type { TestAnswer } from './app.ts'
import { balanceOf, cents, type FakeWhmcs, pushed } from './fake-whmcs.ts'

/** An offer as `work` gives it. */
export interface FakeOffer {
  payment_id: string
  fence: number
  action: string
  invoice_id: string
  transid: string
  amount: string
  currency: string
  gateway: string
  date: string
  fees: string | null
  no_email: boolean
  surplus: boolean
  surplus_amount: string | null
  leased_until: string
  also_known_as?: string[]
  undoes?: string
  client_id?: string
}

export interface FakeResult {
  payment_id: string
  fence: number
  outcome: string
  code: string
  words: string
  transactions: object[]
  invoice: object | null
  /** Of an undo: what WHMCS did not do. */
  left?: string[]
}

/** How a call is sent, where it is not as it should be. */
export interface Sending {
  /** Signed with another secret. */
  secret?: string
  /** The clock of WHMCS, seconds before or after ours. */
  skewSeconds?: number
  requestId?: string
  /** What the body says it is for. */
  call?: string
  /** The signature header itself. */
  signature?: string
}

/** One running copy of the module in a WHMCS: it signs, checks every answer, and books under a lock, as the real one does. Two
 *  of them may share a secret and a WHMCS. */
export interface FakeModule {
  instanceId: string
  secret: string
  whmcs: FakeWhmcs
  /** The bytes and headers of the last call, to send them again. */
  last: { path: string; body: string; headers: Record<string, string> }
  call(call: string, fields: object, sending?: Sending): Promise<TestAnswer>
  state(fields?: object): Promise<TestAnswer['body']>
  push(invoiceIds: readonly string[], more?: object): Promise<TestAnswer['body']>
  /** Everything, as `wanted.full` asks for it. */
  pushAll(id?: string): Promise<void>
  work(limit?: number): Promise<FakeOffer[]>
  /** Looks, books once, and looks again. */
  book(offer: FakeOffer): FakeResult
  results(results: readonly FakeResult[]): Promise<{ payment_id: string; state: string }[]>
  /** A run of the cron: state, what is wanted, work, results. */
  cron(): Promise<void>
  hint(event: object, sending?: Sending): Promise<TestAnswer>
}

/** Reads a pairing code as the module does. */
export function readCode(code: string): { server: string; instanceId: string; token: string } {
  const [server, instanceId, token] = Buffer.from(code.slice(4), 'base64url').toString().split(' ')
  return { server: server!, instanceId: instanceId!, token: token! }
}

/** Pairs a module with its installation by the code that Payymo showed. Throws when the answer is not what it must be. */
export async function pairFakeModule(
  bench: Pick<BillingBench, 'post'>,
  whmcs: FakeWhmcs,
  code: string,
): Promise<FakeModule> {
  const nonce = randomBytes(32).toString('hex')
  const answer = await tryPairing(bench, whmcs, code, { nonce })
  if (answer.status !== 200) throw new Error(`not paired: ${answer.status} ${JSON.stringify(answer.body)}`)
  const { instance_id: instanceId, secret, proof } = answer.body
  if (proof !== createHmac('sha256', secret).update(nonce).digest('hex'))
    throw new Error('the server does not hold the secret')
  return fakeModule(bench, whmcs, instanceId, secret)
}

export const tryPairing = (
  bench: Pick<BillingBench, 'post'>,
  whmcs: FakeWhmcs,
  code: string,
  more: object = {},
): Promise<TestAnswer> =>
  bench.post(
    '/module/pair',
    JSON.stringify({
      code,
      nonce: 'ab'.repeat(32),
      system_url: whmcs.systemUrl,
      whmcs_version: '8.13.1',
      php_version: '8.2.7',
      module_version: '1.0.0',
      ...more,
    }),
    { 'content-type': 'application/json' },
  )

export function fakeModule(
  bench: Pick<BillingBench, 'post'>,
  whmcs: FakeWhmcs,
  instanceId: string,
  secret: string,
): FakeModule {
  const signed = (body: string, sending: Sending): string => {
    const t = Math.floor(Date.now() / 1000) + (sending.skewSeconds ?? 0)
    const v1 = createHmac('sha256', sending.secret ?? secret)
      .update(`${t}.${body}`)
      .digest('hex')
    return sending.signature ?? `t=${t},v1=${v1}`
  }
  const send = async (path: string, body: string, sending: Sending) => {
    module.last = {
      path,
      body,
      headers: { 'content-type': 'application/json', 'x-payymo-signature': signed(body, sending) },
    }
    return bench.post(path, body, module.last.headers)
  }
  const good = async (call: string, fields: object): Promise<TestAnswer['body']> => {
    const answer = await module.call(call, fields)
    if (answer.status !== 200) throw new Error(`${call}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  const module: FakeModule = {
    instanceId,
    secret,
    whmcs,
    last: { path: '', body: '', headers: {} },
    call: async (call, fields, sending = {}) => {
      const requestId = sending.requestId ?? randomBytes(16).toString('hex')
      const body = JSON.stringify({
        call: sending.call ?? call,
        request_id: requestId,
        module_version: '1.0.0',
        ...fields,
      })
      const answer = await send(`/module/whmcs/${instanceId}/${call}`, body, sending)
      if (answer.status === 200) checkAnswer(answer, requestId, secret)
      return answer
    },
    state: (fields = {}) =>
      good('state', {
        system_url: whmcs.systemUrl,
        whmcs_version: '8.13.1',
        php_version: '8.2.7',
        cron_last_at: '2025-04-10T10:00:00Z',
        payment_methods: [{ name: 'banktransfer', title: 'Bank Transfer' }],
        ...fields,
      }),
    push: (invoiceIds, more = {}) => {
      const invoices = invoiceIds.flatMap((id) => whmcs.invoices.get(id) ?? [])
      const clients = [...new Set(invoices.map((row) => row.client_id))].map((id) => whmcs.clients.get(id))
      const gone = invoiceIds.filter((id) => !whmcs.invoices.has(id))
      return good('push', { clients, invoices: invoices.map((row) => pushed(whmcs, row)), gone, ...more })
    },
    pushAll: async (id = randomBytes(16).toString('hex')) => {
      await module.push([], { full: { step: 'begin', id } })
      const all = [...whmcs.invoices.keys()]
      for (let at = 0; at < all.length; at += 20)
        await module.push(all.slice(at, at + 20), { full: { step: 'page', id } })
      await module.push([], { full: { step: 'end', id } })
    },
    work: async (limit = 50) => (await good('work', { limit })).payments,
    book: (offer) => {
      // No step of it can be interrupted here: that is what its locks are for in WHMCS.
      const found = () => whmcs.ledger.filter((row) => row.transid === offer.transid)
      const invoice = whmcs.invoices.get(offer.invoice_id)
      const result = (outcome: string, code = '', words = ''): FakeResult => ({
        payment_id: offer.payment_id,
        fence: offer.fence,
        outcome,
        code,
        words,
        transactions: found(),
        invoice: invoice ? pushed(whmcs, invoice) : null,
      })
      const judge = () =>
        found().length === 1 && found()[0]!.invoice_id === offer.invoice_id && found()[0]!.amount_in === offer.amount
          ? 'applied'
          : 'conflict'
      if (offer.action === 'undo') return { ...takeBack(whmcs, offer, result), left: [] }
      if (found().length > 0) return result(judge())
      const recorded = whmcs.ledger.filter((row) => offer.also_known_as?.includes(row.transid))
      if (recorded.length > 0) {
        const refused = result('refused', 'recorded_by_gateway', 'WHMCS holds this card payment already')
        return { ...refused, transactions: recorded }
      }
      if (!invoice) return result('refused', 'invoice_missing', 'Invoice ID Not Found')
      if (invoice.status !== 'Unpaid') return result('refused', 'not_payable', `The invoice is ${invoice.status}`)
      if (invoice.currency !== offer.currency)
        return result('refused', 'other_currency', `The invoice is in ${invoice.currency}`)
      if (balanceOf(whmcs, invoice) < cents(offer.amount) - cents(offer.surplus_amount ?? '0.00'))
        return result('refused', 'balance_too_small', 'The balance is smaller than the amount')
      const { invoice_id: invoiceId, transid, amount, date, gateway } = offer
      const refusal = whmcs.addInvoicePayment({ invoiceId, transid, amount, date, gateway })
      return refusal === undefined ? result(judge()) : result('refused', 'refused', refusal)
    },
    results: async (results) => (await good('results', { results })).taken,
    cron: async () => {
      const { wanted } = await module.state()
      if (wanted.full) await module.pushAll()
      if (wanted.invoices.length > 0) await module.push(wanted.invoices)
      const offers = await module.work()
      if (offers.length > 0) await module.results(offers.map(module.book))
    },
    hint: (event, sending = {}) => send(`/webhooks/whmcs/${instanceId}`, JSON.stringify(event), sending),
  }
  return module
}

/** The opposing row, once, and the invoice open again. */
function takeBack(
  whmcs: FakeWhmcs,
  offer: FakeOffer,
  result: (outcome: string, code?: string, words?: string) => FakeResult,
): FakeResult {
  const under = (transid: string | undefined) => whmcs.ledger.filter((row) => row.transid === transid)
  if (under(offer.transid).length === 0) {
    if (under(offer.undoes).length === 0) return result('refused', 'nothing_to_undo', 'There is no such payment')
    whmcs.ledger.push({
      id: String(whmcs.ledger.length + 1),
      transid: offer.transid,
      invoice_id: offer.invoice_id,
      amount_in: '0.00',
      amount_out: offer.amount,
      fees: '0.00',
      date: offer.date,
      gateway: offer.gateway,
    })
  }
  const invoice = whmcs.invoices.get(offer.invoice_id)
  if (invoice?.status === 'Paid' && balanceOf(whmcs, invoice) > 0n) invoice.status = 'Unpaid'
  const [row] = under(offer.transid)
  return result(row?.amount_out === offer.amount && row.invoice_id === offer.invoice_id ? 'applied' : 'conflict')
}

/** The module trusts an answer only when it is signed for its own request. */
function checkAnswer(answer: TestAnswer, requestId: string, secret: string): void {
  const { text } = answer as TestAnswer & { text: string }
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(answer.headers['x-payymo-signature'])) ?? []
  const expected = createHmac('sha256', secret).update(`${t}.${requestId}.${text}`).digest()
  if (!v1 || !timingSafeEqual(expected, Buffer.from(v1, 'hex')))
    throw new Error('the answer is not signed for this request')
}

/** A payment id of ours that nobody here made: 26 characters that follow from the text. */
export const strangeTransid = (text: string): string =>
  `PYM-${[...createHash('sha256').update(text).digest().subarray(0, 26)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`
