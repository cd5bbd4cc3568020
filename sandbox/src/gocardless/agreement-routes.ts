import { randomUUID } from 'node:crypto'
import { checkFields } from './fields.ts'
import { isOver } from './consents.ts'
import type { Institution } from './institutions.ts'
import { flat, keyed, notFound } from './refusals.ts'
import { type Call, created, ok, pageOf, type Route } from './route.ts'
import type { Scope } from './seed.ts'
import { type Agreement, DAY_MS, isoOf, type World } from './state.ts'

const SCOPES: Scope[] = ['balances', 'details', 'transactions']
const INVALID_ID = 'Invalid EndUserAgreement ID'

const shown = (one: Agreement) => ({
  id: one.id,
  created: one.created,
  institution_id: one.institution_id,
  max_historical_days: one.max_historical_days,
  access_valid_for_days: one.access_valid_for_days,
  access_scope: one.access_scope,
  accepted: one.accepted,
  reconfirmation: one.reconfirmation,
})

/** The institution a body names; 400 when it is unknown. */
export function institutionOf(world: World, id: unknown): Institution {
  const one = world.institutions.get(String(id))
  if (one === undefined) {
    const detail = 'Get Institution IDs from /institutions/?country={$COUNTRY_CODE}'
    throw keyed({ institution_id: { summary: `Unknown Institution ID ${String(id)}`, detail } })
  }
  return one
}

/** An agreement with the API's defaults: 90 days of history, 90 days of access, all scopes. */
export function makeAgreement(
  world: World,
  company: string,
  institution: string,
  more: Partial<Agreement> = {},
): Agreement {
  const agreement: Agreement = {
    id: randomUUID(),
    company,
    created: isoOf(world.nowMs()),
    accepted: null,
    institution_id: institution,
    max_historical_days: 90,
    access_valid_for_days: 90,
    access_scope: SCOPES,
    reconfirmation: false,
    requisition: null,
    confirmation: null,
    cached: {},
    ...more,
  }
  world.kept.agreements[agreement.id] = agreement
  return agreement
}

/** The company's own agreement; another company's is as unknown as a made-up one. */
export function ownAgreement(call: Call, id = call.id): Agreement {
  const agreement = call.world.kept.agreements[id]
  if (agreement === undefined || agreement.company !== call.company) throw notFound()
  return agreement
}

function create(call: Call) {
  const { world, company, body } = call
  checkFields(body, {
    institution_id: { kind: 'text', required: true },
    max_historical_days: { kind: 'whole' },
    access_valid_for_days: { kind: 'whole' },
    access_scope: { kind: 'choices', of: SCOPES },
    reconfirmation: { kind: 'flag' },
  })
  const institution = institutionOf(world, body['institution_id'])
  const history = Number(body['max_historical_days'] ?? 90)
  const access = Number(body['access_valid_for_days'] ?? 90)
  const reconfirmation = body['reconfirmation'] === true
  const historyMax = Number(institution.transaction_total_days)
  const british = institution.countries.includes('GB')
  const accessMax = british && reconfirmation ? 180 : Number(institution.max_access_valid_for_days)
  const faults: Record<string, { summary: string; detail: string }> = {}
  if (history < 1 || history > historyMax) {
    const detail = `max_historical_days must be > 0 and <= ${institution.id} transaction_total_days (${historyMax})`
    faults['max_historical_days'] = { summary: 'Incorrect max_historical_days', detail }
  }
  if (access < 1 || access > accessMax) {
    const detail = `access_valid_for_days must be > 0 and <= ${accessMax}`
    faults['access_valid_for_days'] = { summary: 'Incorrect access_valid_for_days', detail }
  }
  if (reconfirmation && !british) {
    faults['reconfirmation'] = {
      summary: 'Reconfirmation not supported',
      detail: `${institution.id} does not support reconfirmation.`,
    }
  } else if (reconfirmation && access <= 90) {
    faults['reconfirmation'] = {
      summary: 'Reconfirmation is not allowed',
      detail: 'access_valid_for_days must be above 90.',
    }
  }
  if (Object.keys(faults).length > 0) throw keyed(faults)
  const scope = (body['access_scope'] ?? SCOPES) as Scope[]
  return created(
    shown(
      makeAgreement(world, company, institution.id, {
        max_historical_days: history,
        access_valid_for_days: access,
        access_scope: scope,
        reconfirmation,
      }),
    ),
  )
}

function accept(call: Call) {
  const agreement = ownAgreement(call)
  checkFields(call.body, { user_agent: { kind: 'text', required: true }, ip_address: { kind: 'text', required: true } })
  if (!call.world.kept.switches.mayAccept) {
    throw flat(403, 'Insufficient permissions', 'Your company does not have permission to accept EUA.')
  }
  if (agreement.accepted !== null)
    throw flat(405, 'EUA cannot be accepted more than once', 'The agreement was accepted before.')
  agreement.accepted = isoOf(call.world.nowMs())
  return ok(shown(agreement))
}

/** The confirmation that British users give after 90 days; possible from 14 days before until 14 days after (reference 1.12). */
function confirmation(call: Call, agreement: Agreement) {
  const one = agreement.confirmation
  if (one === null) throw notFound()
  const dueMs = Date.parse(agreement.accepted!) + 90 * DAY_MS
  const accounts = call.world.kept.requisitions[agreement.requisition ?? '']?.accounts ?? []
  return {
    reconfirmation_url: `${call.world.baseUrl}/psd2/reconfirm/${agreement.id}`,
    created: one.created,
    url_valid_from: isoOf(dueMs - 14 * DAY_MS),
    url_valid_to: isoOf(dueMs + 14 * DAY_MS),
    redirect: one.redirect,
    last_accessed: null,
    last_submitted: one.confirmedAt,
    accounts: Object.fromEntries(accounts.map((id) => [id, { reconfirmed: one.confirmedAt ?? '', rejected: '' }])),
  }
}

function requestConfirmation(call: Call) {
  const agreement = ownAgreement(call)
  checkFields(call.body, { redirect: { kind: 'text', max: 1024, url: true } })
  if (!agreement.reconfirmation)
    throw flat(400, 'Reconfirmation is not allowed', 'Reconfirmation is not enabled for this EUA.')
  if (agreement.accepted === null) throw flat(400, 'EUA is not accepted', 'The agreement has not been accepted yet.')
  const dueMs = Date.parse(agreement.accepted) + 90 * DAY_MS
  if (isOver(call.world, agreement) && call.world.nowMs() > dueMs + 14 * DAY_MS) {
    throw flat(400, 'Acceptance period is over', 'The agreement can not be reconfirmed any more.')
  }
  const redirect = call.body['redirect']
  agreement.confirmation ??= {
    created: isoOf(call.world.nowMs()),
    redirect: typeof redirect === 'string' ? redirect : null,
    confirmedAt: null,
  }
  return created(confirmation(call, agreement))
}

export const AGREEMENT_ROUTES: Route[] = [
  {
    method: 'GET',
    path: '/agreements/enduser/',
    endpoint: 'agreements/list',
    bucket: 'agreements_read',
    query: ['limit', 'offset'],
    handle: (call) =>
      pageOf(
        call,
        Object.values(call.world.kept.agreements)
          .filter((one) => one.company === call.company)
          .map(shown),
      ),
  },
  {
    method: 'POST',
    path: '/agreements/enduser/',
    endpoint: 'agreements/create',
    bucket: 'agreements_create',
    fields: ['institution_id', 'max_historical_days', 'access_valid_for_days', 'access_scope', 'reconfirmation'],
    handle: create,
  },
  {
    method: 'GET',
    path: '/agreements/enduser/{id}/',
    endpoint: 'agreements/read',
    bucket: 'agreements_read',
    invalidId: INVALID_ID,
    handle: (call) => ok(shown(ownAgreement(call))),
  },
  {
    method: 'DELETE',
    path: '/agreements/enduser/{id}/',
    endpoint: 'agreements/delete',
    bucket: 'delete',
    invalidId: INVALID_ID,
    handle: (call) => {
      const { id } = ownAgreement(call)
      delete call.world.kept.agreements[id]
      return ok({ summary: 'End User Agreement deleted', detail: `End User Agreement ${id} deleted` })
    },
  },
  {
    method: 'PUT',
    path: '/agreements/enduser/{id}/accept/',
    endpoint: 'agreements/accept',
    bucket: 'accept',
    invalidId: INVALID_ID,
    fields: ['user_agent', 'ip_address'],
    handle: accept,
  },
  {
    method: 'GET',
    path: '/agreements/enduser/{id}/reconfirm/',
    endpoint: 'agreements/reconfirm-read',
    bucket: 'agreements_read',
    invalidId: INVALID_ID,
    handle: (call) => ok(confirmation(call, ownAgreement(call))),
  },
  {
    method: 'POST',
    path: '/agreements/enduser/{id}/reconfirm/',
    endpoint: 'agreements/reconfirm',
    bucket: 'agreements_create',
    invalidId: INVALID_ID,
    fields: ['redirect'],
    handle: requestConfirmation,
  },
]
