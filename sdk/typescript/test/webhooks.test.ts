import { describe, expect, it } from 'vitest'
import { newSecret, signatureHeaders } from '../../../server/src/webhooks/signing.ts'
import { verifyWebhook, type WebhookFault, type WebhookHeaders, WebhookVerificationError } from '../src/index.ts'

const SECRET = newSecret()
const AT = 1_744_295_722
const BODY =
  '{"id":"evt_1","event_type":"invoice.paid","tenant_id":"ten_1","timestamp":"2025-04-10T14:35:22Z","data":{"number":"Nº 1","total":1250.00}}'

const signed = (secrets = [SECRET], body = BODY) =>
  signatureHeaders({ eventId: 'evt_1', body, timestampSeconds: AT, secrets })
const only = (headers: Record<string, string>, own: boolean) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-') === own))
const verify = (
  headers: WebhookHeaders,
  change: { body?: string | Uint8Array; secret?: string | string[]; at?: number } = {},
) => verifyWebhook(change.body ?? BODY, headers, change.secret ?? SECRET, { now: () => (change.at ?? AT) * 1000 })

const fault = async (work: Promise<unknown>): Promise<WebhookFault> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(WebhookVerificationError)
  return (error as WebhookVerificationError).reason
}

describe.each([
  ['X-Payymo-Signature', true],
  ['Standard Webhooks', false],
])('%s', (_name, own) => {
  const headers = (secrets?: string[]) => only(signed(secrets), own)

  it('believes what Payymo signs, with amounts as they were written', async () => {
    const event = await verify(headers())
    expect(event).toMatchObject({ event_type: 'invoice.paid', data: { number: 'Nº 1', total: '1250.00' } })
    expect(await verify(new Headers(headers()))).toEqual(event)
    expect(await verify(headers(), { body: new TextEncoder().encode(BODY) })).toEqual(event)
    const likeNode = Object.fromEntries(Object.entries(headers()).map(([name, value]) => [name.toUpperCase(), [value]]))
    expect(await verify(likeNode)).toEqual(event)
  })

  it('believes either secret while one follows the other', async () => {
    const next = newSecret()
    await expect(verify(headers([next, SECRET]))).resolves.toBeDefined()
    await expect(verify(headers([next, SECRET]), { secret: next })).resolves.toBeDefined()
    await expect(verify(headers(), { secret: [next, SECRET] })).resolves.toBeDefined()
  })

  it('does not believe another body, secret, time or signature', async () => {
    expect(await fault(verify(headers(), { body: BODY.replace('1250', '1251') }))).toBe('wrong_signature')
    expect(await fault(verify(headers(), { secret: newSecret() }))).toBe('wrong_signature')
    const moved = Object.fromEntries(
      Object.entries(headers()).map(([name, value]) => [name, value.replace(String(AT), String(AT + 1))]),
    )
    expect(await fault(verify(moved))).toBe('wrong_signature')
    const emptied = Object.fromEntries(
      Object.entries(headers()).map(([name, value]) => [name, value.replace(/v1[=,].*/, own ? 'v1=' : 'v1,')]),
    )
    expect(await fault(verify(emptied))).toBe('wrong_signature')
    const garbled = Object.fromEntries(
      Object.entries(headers()).map(([name, value]) => [name, value.replace(/v1[=,].*/, own ? 'v1=zz' : 'v1,%%%')]),
    )
    expect(await fault(verify(garbled))).toBe('wrong_signature')
  })

  it('does not believe what is older or newer than five minutes, or than is asked for', async () => {
    await expect(verify(headers(), { at: AT + 300 })).resolves.toBeDefined()
    await expect(verify(headers(), { at: AT - 300 })).resolves.toBeDefined()
    expect(await fault(verify(headers(), { at: AT + 301 }))).toBe('too_old')
    expect(await fault(verify(headers(), { at: AT - 301 }))).toBe('too_old')
    const strict = verifyWebhook(BODY, headers(), SECRET, { toleranceSeconds: 10, now: () => (AT + 11) * 1000 })
    expect(await fault(strict)).toBe('too_old')
  })
})

it('without a signature nothing is believed', async () => {
  expect(await fault(verify({}))).toBe('missing_signature')
  expect(await fault(verify({ 'webhook-id': 'evt_1', 'webhook-timestamp': String(AT) }))).toBe('missing_signature')
})

it('a wrong own signature is not outweighed by the other form', async () => {
  const headers = { ...signed(), 'x-payymo-signature': `t=${AT},v1=${'0'.repeat(64)}` }
  expect(await fault(verify(headers))).toBe('wrong_signature')
})

it('an empty secret is a mistake, not a key', async () => {
  await expect(verify(signed(), { secret: '' })).rejects.toBeInstanceOf(TypeError)
  await expect(verify(only(signed(), false), { secret: 'whsec_' })).rejects.toBeInstanceOf(TypeError)
})

it('a signed body that is no JSON is unreadable', async () => {
  expect(await fault(verify(signed([SECRET], 'hello'), { body: 'hello' }))).toBe('unreadable')
})
