import { type Decision, DECISIONS } from './consents.ts'
import type { Control } from './control.ts'
import type { FaultRequest } from './faults.ts'
import { Refusal } from './refusals.ts'
import type { GocardlessSeed, SeedTransaction } from './seed.ts'
import type { Requisition } from './state.ts'

type Body = Record<string, unknown>

/** The control surface as JSON. Bodies have the shapes of the methods; a wrong one is 400 with `error`, an unknown path 404. */
export function answerControl(
  control: Control,
  method: string,
  path: string,
  body: unknown,
): { status: number; body: unknown } {
  const [noun = '', key = '', verb = '', sub = ''] = path
    .replace(/^\/__control\//, '')
    .replace(/\/$/, '')
    .split('/')
    .map(decodeURIComponent)
  const given = (body ?? {}) as Body
  const found = act(control, `${method} ${noun}`, { key, verb, sub }, given)
  if (found === undefined) return { status: 404, body: { error: `no ${method} ${path}` } }
  return { status: method === 'POST' && noun === 'faults' ? 201 : 200, body: found }
}

function act(
  control: Control,
  what: string,
  { key, verb, sub }: { key: string; verb: string; sub: string },
  body: Body,
): unknown {
  const done = { done: true }
  switch (what) {
    case 'GET state':
      return control.state()
    case 'POST seed':
      control.seed(body as unknown as GocardlessSeed)
      return done
    case 'GET clock':
      return { now: control.now() }
    case 'PUT clock':
    case 'POST clock':
      return { now: control.setClock(body) }
    case 'GET faults':
      return control.faults()
    case 'POST faults':
      return control.addFault(body as unknown as FaultRequest)
    case 'DELETE faults':
      control.clearFaults()
      return done
    case 'GET counters':
      return control.counters()
    case 'DELETE counters':
      control.resetCounters()
      return done
    case 'GET switches':
      return control.switches()
    case 'PATCH switches':
      return control.switches(body)
    case 'PATCH institutions':
      control.setHabits(key, body)
      return done
    case 'POST requisitions':
      return onRequisition(control, key, verb.replaceAll('-', '_'), body)
    case 'GET accounts':
      return control.account(key)
    case 'PATCH accounts':
      return control.setAccount(key, body)
    case 'POST accounts':
      return onAccount(control, key, verb, sub, body)
    case 'DELETE accounts':
      return verb === 'transactions' ? control.removeTransaction(key, sub) : undefined
    default:
      return undefined
  }
}

function onRequisition(control: Control, key: string, verb: string, body: Body): unknown {
  if (DECISIONS.includes(verb as Decision))
    return control.decide(key, verb as Decision, body['accounts'] as string[] | undefined)
  if (verb !== 'status') return undefined
  control.setRequisition(key, body['status'] as Requisition['status'])
  return { done: true }
}

function onAccount(control: Control, key: string, verb: string, sub: string, body: Body): unknown {
  if (verb === 'reissue') return control.reissueIds(key, body)
  if (verb === 'book') return control.book(key, sub, body)
  if (verb !== 'transactions') return undefined
  const list = body['transactions']
  if (!Array.isArray(list)) throw new Refusal(400, { error: 'transactions must be a list' })
  return control.addTransactions(key, ...(list as SeedTransaction[]))
}
