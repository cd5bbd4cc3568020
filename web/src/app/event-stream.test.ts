import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Message, messagesOf } from './event-stream.ts'

async function read(text: string, cuts: readonly number[] = []): Promise<Message[]> {
  const bytes = new TextEncoder().encode(text)
  const places = [0, ...[...new Set(cuts)].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const [at, place] of places.slice(1).entries()) controller.enqueue(bytes.slice(places[at], place))
      controller.close()
    },
  })
  const messages: Message[] = []
  for await (const message of messagesOf(body, new AbortController().signal)) messages.push(message)
  return messages
}

const STREAM = [
  'retry: 2000\n\n',
  'id: evt_1\n\n',
  ': still here\n\n',
  'id: evt_2\nevent: match.approved\ndata: {"resource":{"id":"match_ü"}}\n\n',
  'id: evt_3\r\nevent: reset\r\ndata: {}\r\n\r\n',
  'id: evt_4\ndata: cut off',
].join('')
const MESSAGES: Message[] = [
  { id: 'evt_1', event: 'message', data: '' },
  { id: 'evt_2', event: 'match.approved', data: '{"resource":{"id":"match_ü"}}' },
  { id: 'evt_3', event: 'reset', data: '{}' },
]

describe('a stream of events', () => {
  it('is read message by message; what is not whole is not read', async () => {
    expect(await read(STREAM)).toEqual(MESSAGES)
  })
  it('reads the same wherever the network cuts it', async () => {
    const nearReturn = STREAM.indexOf('\r')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(STREAM.length), { maxLength: 8 }), async (cuts) => {
        expect(await read(STREAM, [...cuts, nearReturn + 3])).toEqual(MESSAGES)
      }),
    )
  })
})
