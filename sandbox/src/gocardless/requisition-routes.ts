import { randomUUID } from 'node:crypto'
import { institutionOf, makeAgreement } from './agreement-routes.ts'
import { currentStatus } from './consents.ts'
import { checkFields } from './fields.ts'
import { flat, keyed, keyedList, notFound } from './refusals.ts'
import { type Answer, type Call, created, ok, pageOf, type Route } from './route.ts'
import { isoOf, type Requisition, type World } from './state.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const shown = (world: World, one: Requisition) => ({
  id: one.id,
  created: one.created,
  redirect: one.redirect,
  status: currentStatus(world, one),
  institution_id: one.institution_id,
  agreement: one.agreement,
  reference: one.reference,
  accounts: one.accounts,
  user_language: one.user_language,
  link: `${world.baseUrl}/psd2/start/${one.id}/${one.institution_id}`,
  ssn: one.ssn,
  account_selection: one.account_selection,
  redirect_immediate: one.redirect_immediate,
})

function ownRequisition(call: Call): Requisition {
  const requisition = call.world.kept.requisitions[call.id]
  if (requisition === undefined || requisition.company !== call.company) throw notFound()
  return requisition
}

function create(call: Call): Answer {
  const { world, company, body } = call
  checkFields(body, {
    redirect: { kind: 'text', required: true, max: 1024, url: true },
    institution_id: { kind: 'text', required: true },
    agreement: { kind: 'text' },
    reference: { kind: 'text', max: 256 },
    user_language: { kind: 'text', max: 5 },
    ssn: { kind: 'text', max: 64 },
    account_selection: { kind: 'flag' },
    redirect_immediate: { kind: 'flag' },
  })
  const institution = institutionOf(world, body['institution_id'])
  const text = (name: string): string | null => (typeof body[name] === 'string' ? body[name] : null)
  const id = randomUUID()
  const reference = text('reference') ?? id
  const own = Object.values(world.kept.requisitions).filter((one) => one.company === company)
  if (own.some((one) => one.reference === reference)) {
    throw keyed({
      reference: { summary: 'Client reference must be unique', detail: 'Client reference must be unique' },
    })
  }
  const agreement = agreementFor(call, institution.id, text('agreement'))
  spendPlan(call)
  agreement.requisition = id
  const requisition: Requisition = {
    id,
    company,
    created: isoOf(world.nowMs()),
    redirect: text('redirect')!,
    status: 'CR',
    institution_id: institution.id,
    agreement: agreement.id,
    reference,
    accounts: [],
    user_language: text('user_language'),
    ssn: text('ssn'),
    account_selection: body['account_selection'] === true,
    redirect_immediate: body['redirect_immediate'] === true,
    visit: null,
    finished: false,
    history: [{ status: 'CR', at: isoOf(world.nowMs()) }],
  }
  world.kept.requisitions[id] = requisition
  return created(shown(world, requisition))
}

/** The agreement named, which must be free and of the same bank, or one with the defaults. */
function agreementFor(call: Call, institutionId: string, wanted: string | null) {
  const { world, company } = call
  if (wanted === null) return makeAgreement(world, company, institutionId)
  if (!UUID.test(wanted))
    throw keyedList('agreement', 'Invalid EndUserAgreement ID', `${wanted} is not a valid EndUserAgreement UUID.`)
  const agreement = world.kept.agreements[wanted]
  if (agreement === undefined || agreement.company !== company) {
    throw keyedList('agreement', 'Not found.', `EndUserAgreement ${wanted} not found.`, 404)
  }
  if (agreement.institution_id !== institutionId) {
    throw keyedList('agreement', 'Institution mismatch', 'The agreement belongs to another institution.')
  }
  if (agreement.requisition !== null) {
    const detail = `Agreement ${wanted} is already associated with requisition ${agreement.requisition}`
    throw keyedList('agreement', `Agreement ${wanted} is already associated with another requisition`, detail)
  }
  return agreement
}

/** The plan's connections of the calendar month; deleted ones count too. */
function spendPlan({ world, company }: Call): void {
  const limit = world.kept.switches.requisitionsPerMonth
  const atMs = world.nowMs()
  const month = isoOf(atMs).slice(0, 7)
  const made = world.kept.requisitionsMade.filter((one) => one.company === company && isoOf(one.atMs).startsWith(month))
  if (limit !== null && made.length >= limit)
    throw flat(402, 'Payment Required', 'Free usage limit exceeded. Contact sales to continue.')
  world.kept.requisitionsMade.push({ company, atMs })
}

function remove(call: Call): Answer {
  const { id, agreement } = ownRequisition(call)
  delete call.world.kept.requisitions[id]
  delete call.world.kept.agreements[agreement]
  const detail = `Requisition '${id}' deleted with all its End User Agreements`
  return ok({ summary: 'Requisition deleted', detail })
}

export const REQUISITION_ROUTES: Route[] = [
  {
    method: 'GET',
    path: '/requisitions/',
    endpoint: 'requisitions/list',
    bucket: 'requisitions_read',
    query: ['limit', 'offset'],
    handle: (call) => {
      const own = Object.values(call.world.kept.requisitions).filter((one) => one.company === call.company)
      return pageOf(
        call,
        own.map((one) => shown(call.world, one)),
      )
    },
  },
  {
    method: 'POST',
    path: '/requisitions/',
    endpoint: 'requisitions/create',
    bucket: 'requisitions_create',
    fields: [
      'redirect',
      'institution_id',
      'agreement',
      'reference',
      'user_language',
      'ssn',
      'account_selection',
      'redirect_immediate',
    ],
    handle: create,
  },
  {
    method: 'GET',
    path: '/requisitions/{id}/',
    endpoint: 'requisitions/read',
    bucket: 'requisitions_read',
    invalidId: 'Invalid ID',
    handle: (call) => ok(shown(call.world, ownRequisition(call))),
  },
  {
    method: 'DELETE',
    path: '/requisitions/{id}/',
    endpoint: 'requisitions/delete',
    bucket: 'delete',
    invalidId: 'Invalid ID',
    handle: remove,
  },
]
