/** One message of a stream of server-sent events. */
export interface Message {
  id: string
  event: string
  data: string
}

/** The server says something every 15 s; a line that is silent for longer is dead. */
const SILENCE_MS = 45_000

/** The messages of a stream, however it is cut into pieces. What has neither id nor data is left out: comments keep the line open.
 *  Ends when the server ends it or falls silent. Source: HTML standard, server-sent events. */
export async function* messagesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const end = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', end)
  let rest = ''
  try {
    while (true) {
      const silence = setTimeout(end, SILENCE_MS)
      const { done, value } = await reader.read().finally(() => clearTimeout(silence))
      if (done) return
      const blocks = (rest + value).split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const message = readMessage(block)
        if (message) yield message
      }
    }
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

function readMessage(block: string): Message | undefined {
  const message: Message = { id: '', event: 'message', data: '' }
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^(\w+): ?(.*)$/s.exec(line) ?? []
    if (name === 'data') message.data += (message.data === '' ? '' : '\n') + value
    else if (name === 'id' || name === 'event') message[name] = value
  }
  return message.id === '' && message.data === '' ? undefined : message
}
