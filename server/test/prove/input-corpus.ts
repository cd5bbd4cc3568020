import type { Check } from './check-invariants.ts'
import { LEAKS } from './input-judge.ts'
import { openRaw, type Piece, type SocketAnswer } from './input-socket.ts'

interface Case {
  name: string
  pieces: Piece[]
  /** The statuses that are right; `none` where the server may only let go. */
  expect: (number | 'none')[]
  /** Whether the same connection must serve an ordinary request afterwards. */
  staysOpen?: boolean
  withinMs?: number
}

const MIB = 1024 * 1024

/** Requests that no client of good will sends, byte for byte (reliability 21, and the list of the issue). */
export function hostileCases(key: string, connectionId: string): Case[] {
  const auth = `Authorization: Bearer ${key}\r\n`
  const head = (line: string, ...headers: string[]) =>
    `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${auth}${headers.map((header) => `${header}\r\n`).join('')}\r\n`
  const json = (body: string | Buffer, path = '/api/v1/transactions') => [
    head(`POST ${path}`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`),
    body,
  ]
  const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
  const chunked = (path: string, ...chunks: string[]) => [
    head(`POST ${path}`, 'Content-Type: application/json', 'Transfer-Encoding: chunked'),
    ...chunks.map(chunk),
    '0\r\n\r\n',
  ]
  const padding = 'x'.repeat(MIB)
  const get = (path: string, ...headers: string[]) => [head(`GET ${path}`, ...headers)]
  const upload = `/api/v1/bank-connections/${connectionId}/statements`
  const stays = (name: string, pieces: Piece[], ...expect: number[]): Case => ({
    name,
    pieces,
    expect,
    staysOpen: true,
  })
  const ends = (name: string, pieces: Piece[], ...expect: (number | 'none')[]): Case => ({ name, pieces, expect })

  return [
    stays('a body of 1 MiB and a byte', json(`{"description":"${'x'.repeat(MIB)}"}`), 413),
    stays('the same in chunks without a length', chunked('/api/v1/transactions', padding, padding), 413),
    stays('a batch of 4 MiB and more', json(`{"a":"${'x'.repeat(4 * MIB)}"}`, '/api/v1/transactions/batch'), 413),
    stays('a batch above 1 MiB, below 4', json(`{"a":"${'x'.repeat(2 * MIB)}"}`, '/api/v1/transactions/batch'), 400),
    ends(
      'a length of 10 GB that never comes',
      [head('POST /api/v1/transactions', 'Content-Type: application/json', 'Content-Length: 10000000000'), '{'],
      413,
    ),
    ends(
      'a statement of 65 MiB by its length',
      [head(`POST ${upload}`, 'Content-Type: text/csv', `Content-Length: ${65 * MIB}`), padding],
      413,
    ),
    ends(
      'a length shorter than the body',
      [head('POST /api/v1/transactions', 'Content-Type: application/json', 'Content-Length: 2'), '{}GARBAGE\r\n\r\n'],
      400,
    ),
    ends('a length that is no number', [head('POST /api/v1/transactions', 'Content-Length: ten'), '{}'], 400),
    ends('a negative length', [head('POST /api/v1/transactions', 'Content-Length: -1'), '{}'], 400),
    ends('two lengths', [head('POST /api/v1/transactions', 'Content-Length: 2', 'Content-Length: 5'), '{}'], 400),
    ends(
      'a length and chunks',
      [head('POST /api/v1/transactions', 'Content-Length: 2', 'Transfer-Encoding: chunked'), '0\r\n\r\n'],
      400,
    ),
    ends(
      'chunks that are none',
      [head('POST /api/v1/transactions', 'Transfer-Encoding: chunked'), 'zz\r\n{}\r\n0\r\n\r\n'],
      400,
    ),
    ends('an unknown transfer encoding', [head('POST /api/v1/transactions', 'Transfer-Encoding: cow'), '{}'], 400, 415),
    ends(
      'chunked twice over',
      [head('POST /api/v1/transactions', 'Transfer-Encoding: chunked, identity'), '0\r\n\r\n'],
      400,
    ),
    ends(
      'a transfer encoding hidden behind a tab',
      [head('POST /api/v1/transactions', 'Transfer-Encoding:\tchunked', 'Content-Length: 4'), '0\r\n\r\n'],
      400,
    ),
    ends(
      'a header folded over lines',
      ['GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n'],
      400,
      401,
    ),
    ends(
      'a header with a space before the colon',
      ['GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\nX-A : b\r\n\r\n'],
      400,
    ),
    ends('a header with NUL', ['GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n'], 400),
    ends('lines that end in LF only', ['GET /api/v1/transactions HTTP/1.1\nHost: x\n\n'], 400, 401),
    stays('no Host', [`GET /api/v1/transactions HTTP/1.1\r\n${auth}\r\n`], 400),
    ends('HTTP/1.0', [`GET /api/v1/transactions HTTP/1.0\r\n${auth}\r\n`], 200),
    ends('HTTP/2 without having asked', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], 400),
    ends('HTTP/9.9', [`GET / HTTP/9.9\r\nHost: x\r\n\r\n`], 400),
    ends('TLS', [Buffer.from('16030100c8010000c40303', 'hex')], 400, 'none'),
    ends('nothing but noise', [Buffer.alloc(4_096, 255), '\r\n\r\n'], 400),
    ends('CONNECT', [`CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n`], 400, 404, 405, 'none'),
    stays('an upgrade nobody offers', get('/api/v1/transactions', 'Connection: Upgrade', 'Upgrade: websocket'), 200),
    stays('another site as the target', [`GET http://169.254.169.254/latest HTTP/1.1\r\nHost: x\r\n${auth}\r\n`], 404),
    stays('an address of 8 kB and more', get(`/api/v1/transactions?q=${'x'.repeat(8_200)}`), 414),
    ends('an address of 20 kB', get(`/api/v1/transactions?q=${'x'.repeat(20_000)}`), 414),
    ends('an address of 100 kB', get(`/api/v1/transactions?q=${'x'.repeat(100_000)}`), 414),
    ends(
      '10,000 query parameters',
      get(`/api/v1/transactions?${Array.from({ length: 10_000 }, (_, n) => `p${n}=`).join('&')}`),
      414,
    ),
    stays(
      'a thousand query parameters',
      get(`/api/v1/transactions?${Array.from({ length: 1_000 }, (_, n) => `p${n}`).join('&')}`),
      400,
    ),
    stays('the same parameter twice', get('/api/v1/transactions?page=1&page=2'), 400),
    stays('__proto__ as a parameter', get('/api/v1/transactions?__proto__=1&constructor=2'), 400),
    stays('NUL as a parameter', get('/api/v1/transactions?status=%00'), 400),
    stays('half a percent sign in the query', get('/api/v1/transactions?q=%&status=%zz'), 400),
    stays('half a percent sign in the path', get('/api/v1/transactions/%zz'), 400),
    stays('bytes that are no UTF-8 in the path', get('/api/v1/transactions/%ff%fe'), 400, 404),
    stays('NUL in the path', get('/api/v1/transactions/%00'), 404),
    stays('a way up in the path', get('/api/v1/transactions/../../../etc/passwd'), 404),
    stays('a slash as an id', get('/api/v1/transactions/%2F'), 404),
    stays('an id of 4,000 characters', get(`/api/v1/transactions/${'x'.repeat(4_000)}`), 404),
    ends('headers of 17 kB', get('/api/v1/transactions', `X-Large: ${'x'.repeat(17_000)}`), 431),
    ends('headers of 100 kB', get('/api/v1/transactions', `X-Large: ${'x'.repeat(100_000)}`), 431),
    ends(
      'a thousand headers',
      get('/api/v1/transactions', ...Array.from({ length: 1_000 }, (_, n) => `X-${n}: abcdefghi`)),
      431,
    ),
    stays('two Authorization headers', get('/api/v1/transactions', auth.trim()), 401),
    stays('an empty Authorization', ['GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\nAuthorization:\r\n\r\n'], 401),
    stays(
      'an Authorization of 8 kB',
      [`GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'x'.repeat(8_000)}\r\n\r\n`],
      401,
    ),
    stays(
      'an Authorization with bytes',
      [Buffer.from(`GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n`, 'latin1')],
      401,
    ),
    stays(
      'a body before the credential is looked at',
      [
        'POST /api/v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n',
        padding,
      ],
      401,
    ),
    stays(
      'the same to an address that is none',
      [head('POST /api/v1/nothing', 'Content-Length: 1048576'), padding],
      404,
    ),
    ends('an expectation', get('/api/v1/transactions', 'Expect: the-unexpected'), 417),
    stays(
      '100-continue',
      [
        head(
          'POST /api/v1/transactions',
          'Content-Type: application/json',
          'Expect: 100-continue',
          'Content-Length: 2',
        ),
        50,
        '{}',
      ],
      400,
    ),
    stays('no content type', [head('POST /api/v1/transactions', 'Content-Length: 2'), '{}'], 415),
    stays(
      'another content type',
      [head('POST /api/v1/transactions', 'Content-Type: application/xml', 'Content-Length: 4'), '<a/>'],
      415,
    ),
    stays(
      'a content type that is none',
      [head('POST /api/v1/transactions', 'Content-Type: /', 'Content-Length: 2'), '{}'],
      415,
    ),
    stays(
      'a packed body',
      [
        head(
          'POST /api/v1/transactions',
          'Content-Type: application/json',
          'Content-Encoding: gzip',
          'Content-Length: 2',
        ),
        '{}',
      ],
      415,
    ),
    stays('a body of GET', [head('GET /api/v1/transactions', 'Content-Length: 5'), 'hello'], 200),
    stays('33 levels', json(`${'['.repeat(33)}${']'.repeat(33)}`), 400),
    stays('100,000 levels', json('['.repeat(100_000)), 400),
    stays('1,000,000 levels of objects', json('{"a":'.repeat(150_000)), 400),
    stays('1,001 items', json(`{"transactions":[${'1,'.repeat(1_000)}1]}`, '/api/v1/transactions/batch'), 400),
    stays('1,000 bad items', json(`{"transactions":[${'1,'.repeat(999)}1]}`, '/api/v1/transactions/batch'), 200),
    stays('500,000 items', json(`[${'1,'.repeat(500_000)}1]`), 400),
    stays('100,000 keys', json(`{${Array.from({ length: 80_000 }, (_, n) => `"k${n}":1`).join()}}`), 400),
    stays('the same key twice', json('{"amount":1,"amount":1000}'), 400),
    stays('__proto__', json('{"__proto__":{"admin":true}}'), 400),
    stays('__proto__ written with escapes', json('{"\\u005f_proto__":{"admin":true}}'), 400),
    stays('constructor and prototype', json('{"constructor":{"prototype":{"admin":true}}}'), 400),
    stays('NUL in a text', json('{"description":"a\\u0000b"}'), 400),
    stays('NUL as a byte', json('{"description":"a\0b"}'), 400),
    stays('NUL in a key', json('{"a\\u0000b":1}'), 400),
    stays('half a surrogate pair', json('{"description":"\\ud800"}'), 400),
    stays('bytes that are no UTF-8', json(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])), 400),
    stays('UTF-16', json(Buffer.from('\ufeff{}', 'utf16le')), 400),
    stays('a BOM before it', json('\ufeff{}'), 400),
    stays('half of it', json('{"amount": 12'), 400),
    stays('more behind it', json('{} {}'), 400),
    stays('a comment in it', json('{/* a */}'), 400),
    stays('1e999', json('{"amount":1e999,"other":1e999}'), 400),
    stays('-0', json('{"amount":-0}'), 400),
    stays('a million digits', json(`{"amount":${'9'.repeat(1_000_000)}}`), 400),
    stays('a million zeros behind the point', json(`{"amount":"0.${'0'.repeat(1_000_000)}1"}`), 400),
    stays('a text of a million backslashes', json(`{"description":"${'\\\\'.repeat(500_000)}"}`), 400),
    stays('a million spaces', json(`${' '.repeat(1_000_000)}x`), 400),
    stays(
      'Idempotency-Key twice',
      [
        head(
          'POST /api/v1/transactions',
          'Content-Type: application/json',
          'Idempotency-Key: a',
          'Idempotency-Key: b',
          'Content-Length: 2',
        ),
        '{}',
      ],
      400,
    ),
    ends('two requests, the second broken', [...get('/api/v1/transactions'), 'NONSENSE\r\n\r\n'], 200),
  ]
}

/** Bodies and headers that come slowly: side by side with everything else, for they take half a minute. */
export function slowCases(key: string, connectionId: string): Case[] {
  const start = (path: string, ...headers: string[]) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n${headers.map((one) => `${one}\r\n`).join('')}\r\n`
  const upload = `/api/v1/bank-connections/${connectionId}/statements`
  const csv = 'Date,Amount,Description\n2025-04-11,12.50,Slow but steady\n'
  const drip = [...csv].flatMap((letter, index) => (index % 8 === 0 ? [5_000, letter] : [letter]))
  return [
    {
      name: 'headers that never end',
      pieces: ['GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\n', 3_000, 'X-A: b\r\n'],
      expect: [408],
      withinMs: 20_000,
    },
    {
      name: 'a body that never comes',
      pieces: [start('/api/v1/transactions', 'Content-Type: application/json', 'Content-Length: 100'), '{"a'],
      expect: [408],
      withinMs: 40_000,
    },
    {
      name: 'a body that drips, byte by byte',
      pieces: [
        start('/api/v1/transactions', 'Content-Type: application/json', 'Content-Length: 100'),
        ...Array.from({ length: 60 }, () => [1_000, ' ']).flat(),
      ],
      expect: [408],
      withinMs: 40_000,
    },
    {
      name: 'a statement that stops coming',
      pieces: [start(upload, 'Content-Type: text/csv', `Content-Length: ${csv.length}`), csv.slice(0, 10)],
      expect: [408],
      withinMs: 40_000,
    },
    {
      name: 'a statement that comes slowly and comes',
      pieces: [start(upload, 'Content-Type: text/csv', `Content-Length: ${csv.length}`), ...drip],
      expect: [201],
      withinMs: 60_000,
      staysOpen: true,
    },
    {
      name: 'a refused body that goes on coming',
      pieces: [
        `POST /api/v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`,
        ...Array.from({ length: 5 }, () => [500, ' ']).flat(),
      ],
      expect: [401],
      withinMs: 20_000,
    },
  ]
}

/** Plays one case; what is wrong with the answer, or with the connection and the server after it. */
export async function playCase(port: number, key: string, one: Case): Promise<Check> {
  const faults: string[] = []
  const connection = await openRaw(port)
  const answer = await connection.ask(one.pieces, one.withinMs)
  const status = answer?.status ?? 'none'
  if (!one.expect.includes(status)) faults.push(`answers ${status} ${answer?.body.slice(0, 200) ?? ''}`)
  if (answer && answer.status >= 400) faults.push(...envelopeFaults(answer))
  for (const [what, pattern] of LEAKS) if (answer && pattern.test(answer.body)) faults.push(`leaks ${what}`)
  const ordinary = `GET /api/v1/tenants?per_page=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`
  if (one.staysOpen) {
    const next = await connection.ask([ordinary], 5_000)
    if (next?.status !== 200)
      faults.push(`the connection afterwards: ${next?.status ?? 'closed'} ${next?.body.slice(0, 100) ?? ''}`)
  }
  connection.end()
  const fresh = await openRaw(port)
  const next = await fresh.ask([ordinary], 5_000)
  if (next?.status !== 200) faults.push(`the server afterwards: ${next?.status ?? 'silent'}`)
  fresh.end()
  return { name: one.name, faults }
}

function envelopeFaults({ headers, body, status }: SocketAnswer): string[] {
  if (!headers['content-type']?.startsWith('application/json')) return [`${status} without JSON`]
  const { error } = JSON.parse(body) as { error?: Record<string, unknown> }
  const whole = ['code', 'message', 'details', 'request_id', 'retryable'].every((name) => error && name in error)
  return [
    ...(whole ? [] : [`not the envelope: ${body.slice(0, 200)}`]),
    ...(error?.request_id === headers['x-request-id'] ? [] : ['the envelope and X-Request-Id differ']),
    ...(status === 405 && headers.allow === undefined ? ['405 without Allow'] : []),
  ]
}
