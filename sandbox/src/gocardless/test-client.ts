import { createGocardless, type GocardlessOptions, type GocardlessSeed, SANDBOX_CREDENTIALS } from './index.ts'

/** What the tests beside this file start from: one bank in Germany with two accounts, and a clock that stands. */

export const BANK = 'NORDLICHT_NOLIDEH1'

export const SEED: GocardlessSeed = {
  now: '2026-11-20T10:00:00Z',
  accounts: [
    {
      key: 'main',
      institutionId: BANK,
      currency: 'EUR',
      iban: 'DE02120300000000202051',
      ownerName: 'Example Hosting GmbH',
      balance: '1234.50',
      transactions: [
        { key: 'old', amount: '10.00', bookingDate: '2026-07-01', valueDate: '2026-07-01', text: 'long ago' },
        { key: 'early', amount: '120.00', bookingDate: '2026-11-02', valueDate: '2026-11-03', text: 'Invoice 1001' },
        { key: 'twin-1', amount: '15.00', bookingDate: '2026-11-10', text: 'Domain' },
        { key: 'twin-2', amount: '15.00', bookingDate: '2026-11-10', text: 'Domain' },
        {
          key: 'wages',
          amount: '-2500.00',
          bookingDate: '2026-11-15',
          text: 'Wages',
          counterparty: { name: 'Ada Lovelace', iban: 'DE02100100100006820101' },
        },
        { key: 'soon', amount: '48.00', pendingUntil: '2026-11-22', bookingDate: '2026-11-22', text: 'Invoice 1002' },
      ],
    },
    {
      key: 'savings',
      institutionId: BANK,
      currency: 'EUR',
      bban: '123456',
      ownerName: 'Example Hosting GmbH',
      transactions: [],
    },
  ],
}

export interface Reply {
  status: number
  body: Record<string, unknown>
  text: string
  headers: Headers
}

/** A simulator with a frozen clock and a client that holds a token. */
export async function startWith(options: GocardlessOptions = {}) {
  const simulator = await createGocardless({ seed: SEED, ...options })
  const { control, url } = simulator
  control.setClock({ now: (options.seed ?? SEED).now ?? '2026-11-20T10:00:00Z', frozen: true })
  let token = ''

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') === true && text !== ''
    return {
      status: answer.status,
      body: json ? (JSON.parse(text) as Record<string, unknown>) : {},
      text,
      headers: answer.headers,
    }
  }
  const api = (method: string, path: string, body?: unknown): Promise<Reply> => call(method, `/api/v2${path}`, body)

  const logIn = async (): Promise<Reply> => {
    token = ''
    const pair = await api('POST', '/token/new/', {
      secret_id: SANDBOX_CREDENTIALS.secretId,
      secret_key: SANDBOX_CREDENTIALS.secretKey,
    })
    token = String(pair.body['access'])
    return pair
  }

  let references = 0
  /** A requisition, approved without a browser. Returns its id and the ids of the accounts. */
  const connect = async (bank = BANK, more: Record<string, unknown> = {}) => {
    const asked = {
      redirect: 'https://shop.example/back',
      institution_id: bank,
      reference: `ref-${++references}`,
      ...more,
    }
    const made = await api('POST', '/requisitions/', asked)
    const id = String(made.body['id'])
    control.decide(id, 'approve')
    const read = await api('GET', `/requisitions/${id}/`)
    return { id, accounts: read.body['accounts'] as string[] }
  }

  await logIn()
  return {
    url,
    control,
    call,
    api,
    logIn,
    connect,
    useToken: (other: string) => void (token = other),
    close: simulator.close,
  }
}

export type Client = Awaited<ReturnType<typeof startWith>>

/** The booked entries of an account now. */
export async function booked(client: Client, account: string, query = ''): Promise<Record<string, unknown>[]> {
  const reply = await client.api('GET', `/accounts/${account}/transactions/${query}`)
  const { transactions } = reply.body as { transactions: { booked: Record<string, unknown>[] } }
  return transactions.booked
}
