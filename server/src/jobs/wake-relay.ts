import { Redis } from 'ioredis'

const CHANNEL = 'payymo:wake'
const CONNECT_MS = 1_000
const COMMAND_MS = 500
const RETRY_MS_MAX = 1_000
/** Listeners hear the same commit within moments of each other. */
const SAME_NEWS_MS = 10_000

/** Passes wake-ups on between processes by Redis. What is lost on the way costs a poll. */
export interface Relay {
  /** Tells all processes, unless another one has told them already. Returns at once, and never throws. */
  passOn(news: string): void
  /** Resolves when it hears others, or has failed to connect for a first time; it goes on trying. */
  ready: Promise<void>
  close(): void
}

/** `hear` is called with the news of all processes, this one included. Nothing waits in line while Redis is away. */
export function openRelay(url: string, hear: (news: string) => void): Relay {
  const options = {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    socketTimeout: 2 * CONNECT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times: number) => Math.min(times * 100, RETRY_MS_MAX),
    protocol: 2 as const,
  }
  const sender = new Redis(url, {
    ...options,
    connectionName: 'payymo-wake',
    scripts: { tellOnce: { lua: TELL_ONCE } },
  })
  // Subscribing belongs to each new connection, also after a break.
  const receiver = new Redis(url, { ...options, connectionName: 'payymo-wake-listen', autoResubscribe: false })
  receiver.on('message', (_channel, news) => hear(news))
  const listening = new Promise<void>((resolve) => {
    receiver.on(
      'ready',
      () =>
        void receiver.subscribe(CHANNEL).then(
          () => resolve(),
          () => resolve(),
        ),
    )
    receiver.on('close', () => resolve())
  })
  for (const redis of [sender, receiver]) redis.on('error', () => {})
  const sending = sender.connect().catch(() => {})
  receiver.connect().catch(() => {})
  const script = sender as unknown as {
    tellOnce(keys: 1, key: string, ...values: (string | number)[]): Promise<number>
  }

  return {
    passOn: (news) => void script.tellOnce(1, `${CHANNEL}:${news}`, CHANNEL, news, SAME_NEWS_MS).catch(() => {}),
    ready: Promise.all([listening, sending]).then(() => {}),
    close: () => {
      sender.disconnect()
      receiver.disconnect()
    },
  }
}

/** All listeners hear a commit; the first of them tells the rest. */
const TELL_ONCE = `
if redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[3]) then
  return redis.call('PUBLISH', ARGV[1], ARGV[2])
end
return 0`
