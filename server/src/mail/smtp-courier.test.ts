import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { refusal, startSmtp } from '../../test/setup/factories-mail.ts'
import { Secret } from '../base/secret.ts'
import { compose } from './compose.ts'
import { createSmtpCourier } from './smtp-courier.ts'

const opened: { close(): Promise<void> }[] = []
const kept = <T extends (typeof opened)[number]>(one: T): T => {
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

describe('SMTP', () => {
  const message = () =>
    compose({
      id: '0195d6a4-0000-7000-8000-000000000001',
      queuedAt: new Date('2026-03-01T12:00:00Z'),
      from: { name: 'Payymo', address: 'no-reply@payymo.test' },
      to: 'ann@example.com',
      subject: 'Hi',
      text: 'the secret link',
    })

  /** A server that speaks as told, and counts whom it still holds. */
  const startRaw = async (speak: (socket: Socket) => void) => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('close', () => sockets.delete(socket))
        .resume()
      speak(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    kept({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) })
    return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
  }

  it('changes to TLS when it is offered, and checks the certificate', async () => {
    const smtp = kept(await startSmtp({ disabledCommands: [] }))
    const strict = await createSmtpCourier({ url: new Secret(smtp.url) }).send(await message())
    expect(strict).toMatchObject({ state: 'later', server: true })
    expect(smtp.mails).toHaveLength(0)
    const lax = createSmtpCourier({ url: new Secret(`${smtp.url}?tls.rejectUnauthorized=false`) })
    expect(await lax.send(await message())).toEqual({ state: 'sent' })
    expect(smtp.mails).toMatchObject([{ secure: true }])
  })

  it('signs in with name and password, and a wrong one is no fault of the mail', async () => {
    const smtp = kept(
      await startSmtp({
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (auth, _session, done) =>
          auth.password === 'p@ss' ? done(null, { user: auth.username }) : done(refusal(535)),
      }),
    )
    const as = (password: string) =>
      createSmtpCourier({ url: new Secret(smtp.url.replace('//', `//mailer:${password}@`)) })
    expect(await as('p%40ss').send(await message())).toEqual({ state: 'sent' })
    expect(smtp.mails).toMatchObject([{ user: 'mailer' }])
    expect(await as('other').send(await message())).toMatchObject({ state: 'later', server: true, reason: '535' })
    expect(await createSmtpCourier({ url: new Secret(smtp.url) }).send(await message())).toMatchObject({
      state: 'later',
      reason: '530',
    })
  })

  it.each([
    ['says nothing', () => {}],
    ['drips its greeting', (socket: Socket) => void setInterval(() => socket.write('2'), 5).unref()],
    [
      'greets and then drips',
      (socket: Socket) => {
        socket.write('220 hello\r\n')
        setInterval(() => socket.write('250-x\r\n'), 5).unref()
      },
    ],
    ['greets and then is silent', (socket: Socket) => void socket.write('220 hello\r\n')],
  ])('gives up on a server that %s, and lets go of it', async (_what, speak) => {
    const server = await startRaw(speak)
    const courier = createSmtpCourier({ url: new Secret(server.url), budgetMs: 300, stepMs: 100 })
    expect(await courier.send(await message())).toMatchObject({ state: 'later', server: true })
    await expect.poll(() => server.sockets.size).toBe(0)
  })

  it.each([
    ['hangs up', (socket: Socket) => void socket.destroy()],
    ['speaks something else', (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['is closed today', (socket: Socket) => void socket.end('554 no service\r\n')],
  ])('tries again later at a server that %s', async (_what, speak) => {
    const server = await startRaw(speak)
    const courier = createSmtpCourier({ url: new Secret(server.url), budgetMs: 2_000, stepMs: 1_000 })
    expect(await courier.send(await message())).toMatchObject({ state: 'later', server: true })
  })
})
