import type { Access } from './access.ts'
import type { Reply } from './answer.ts'
import type { Control } from './control.ts'
import type { FaultPlan, FaultRule } from './faults.ts'
import type { WhmcsSeed } from './seed.ts'
import type { Switches } from './switches.ts'

type Read = (control: Control, query: URLSearchParams) => unknown
type Write = (control: Control, body: unknown) => unknown

const READS: Record<string, Read> = {
  journal: (control, query) => control.journal(Number.parseInt(query.get('since') ?? '0', 10)),
  books: (control) => control.books(),
  settings: (control) => control.settings(),
  faults: (control) => control.faults.show(),
  counts: (control) => control.counts(),
  calls: (control, query) => control.calls(query.get('action') ?? undefined),
  warnings: (control) => control.warnings(),
  happenings: (control) => control.happenings(),
}

const WRITES: Record<string, Write> = {
  seed: (control, body) => control.seed(body as WhmcsSeed),
  switches: (control, body) => control.setSwitches(body as Partial<Switches>),
  access: (control, body) => control.setAccess(body as Partial<Access>),
  proof: (control, body) => control.setProof(body as Parameters<Control['setProof']>[0]),
  clock: (control, body) => control.setClock(body as Parameters<Control['setClock']>[0]),
  faults: (control, body) => control.addFaults(...(body as FaultRule[])),
  'fault-plan': (control, body) => control.setFaultPlan(body as FaultPlan | null),
  'clear-faults': (control) => control.clearFaults(),
  'commit-late': (control) => ({ committed: control.commitLate() }),
}

/** The control surface over HTTP: `GET /__control/<read>`, `POST /__control/<write>` with JSON. */
export function answerControl(control: Control, method: string, url: URL, body: string): Reply {
  const name = url.pathname.replace('/__control/', '')
  try {
    if (method === 'GET' && Object.hasOwn(READS, name)) return json(200, READS[name]!(control, url.searchParams))
    if (method === 'POST' && Object.hasOwn(WRITES, name)) {
      return json(200, WRITES[name]!(control, body === '' ? {} : JSON.parse(body)) ?? { done: true })
    }
  } catch (fault) {
    return json(400, { error: fault instanceof Error ? fault.message : String(fault) })
  }
  const names = [
    ...Object.keys(READS).map((read) => `GET ${read}`),
    ...Object.keys(WRITES).map((write) => `POST ${write}`),
  ]
  return json(404, { error: `no such control; there are: ${names.join(', ')}` })
}

const json = (status: number, value: unknown): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
})
