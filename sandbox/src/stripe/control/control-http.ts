import { Refusal } from '../api/refusal.ts'
import { Impossible } from '../ledger/book.ts'
import type { Mode } from '../world/merchants.ts'
import type { Control } from './control.ts'
import { onAccount } from './desk-http.ts'
import { moneyFromJson, moneyToJson } from './money-json.ts'

interface Said {
  status: number
  body: unknown
}

/** The control surface as JSON. Bodies have the shapes of the methods; a wrong one is 400 with `error`, an unknown path 404. */
export async function answerControl(control: Control, method: string, path: string, text: string): Promise<Said> {
  const parts = path
    .replace(/^\/__control\//, '')
    .replace(/\/$/, '')
    .split('/')
    .map(decodeURIComponent)
  try {
    const body = text === '' ? {} : (moneyFromJson(JSON.parse(text)) as Record<string, never>)
    const found = await act(control, method, parts, body)
    if (found === undefined) return { status: 404, body: { error: `no ${method} ${path}` } }
    return { status: 200, body: moneyToJson(found) }
  } catch (fault) {
    if (fault instanceof Refusal) return { status: fault.status, body: fault.body }
    if (fault instanceof Impossible || fault instanceof SyntaxError)
      return { status: 400, body: { error: fault.message } }
    throw fault
  }
}

async function act(control: Control, method: string, parts: string[], body: Record<string, never>): Promise<unknown> {
  const [noun = '', one = '', two = '', three = ''] = parts
  if (noun === 'accounts' && one !== '') {
    return onAccount(control.on(one, (two || 'test') as Mode), method, three, body)
  }
  const done = { done: true }
  switch (`${method} ${noun}${one === '' ? '' : `/${one}`}`) {
    case 'GET state':
      return control.state()
    case 'GET clock':
      return { now: control.now() }
    case 'PUT clock':
      return { now: control.setClock(body) }
    case 'POST accounts':
      return { id: control.addMerchant(body as never).id }
    case 'PATCH platform':
      return { redirect_uris: control.setPlatform(body) }
    case 'PUT keys':
      control.setKey(body['key']!, body['account'] === undefined ? null : (body as never))
      return done
    case 'POST authorize':
      return { redirect_to: control.authorize(body['url']!, body['account']!, body['decision'] ?? 'connect') }
    case 'POST connect':
      return control.connect(body['account']!, body['mode'], body['scope'], body['platform'])
    case 'POST disconnect':
      return { disconnected: control.disconnect(body['account']!, body['mode'], body['platform']) }
    case 'GET webhooks':
    case 'PATCH webhooks':
      return control.webhooks(body)
    case 'GET webhooks/attempts':
      return control.attempts()
    case 'POST webhooks/flush':
      return { deliveries: control.flush(body) }
    case 'POST webhooks/resend':
      return { deliveries: control.resend(body['account']!, body['mode'], body) }
    case 'POST webhooks/forge':
      return { ids: control.forge(body['kind']!, body['endpoint']) }
    case 'POST webhooks/roll-secret':
      return { secrets: control.rollSecret(body['endpoint']!, body['keepOld']) }
    case 'POST webhooks/settled':
      await control.settled()
      return done
    case 'DELETE webhooks':
      control.dropHeld()
      return done
    case 'GET faults':
      return control.faults()
    case 'POST faults':
      return control.addFault(body as never)
    case 'DELETE faults':
      control.clearFaults()
      return done
    case 'GET counters':
      return control.counters()
    case 'DELETE counters':
      control.resetCounters()
      return done
    case 'GET switches':
    case 'PATCH switches':
      return control.switches(body)
    case 'POST invariants':
      control.assertInvariants()
      return done
    default:
      return undefined
  }
}
