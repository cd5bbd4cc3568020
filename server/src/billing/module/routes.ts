import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { readJson, writeJson } from '../../base/json.ts'
import { type Answer, publicRoute, type Route } from '../../http/route.ts'
import { check, pathId } from '../../http/validate.ts'
import { admitCall, type ModuleCall, type RawCall } from './admit-call.ts'
import type { ModuleDeps } from './deps.ts'
import { leaseWork } from './lease-work.ts'
import { pairModule } from './pair-module.ts'
import { type PairBody, pairSchema, pushSchema, resultsSchema, stateSchema, workSchema } from './schemas.ts'
import { signAnswer, SIGNATURE_HEADER } from './signature.ts'
import { takeHint } from './take-hint.ts'
import { takePush } from './take-push.ts'
import { takeResults } from './take-results.ts'
import { tellState } from './tell-state.ts'

const TAG = 'WHMCS'
const BODY_BYTES_MAX = 1024 * 1024
const SMALL_BYTES_MAX = 64 * 1024
const SIGNED =
  'Signed in `X-Payymo-Signature` as docs/whmcs-module-protocol.md says, once per `request_id`; the answer is signed likewise.'

interface CallKind<S extends z.ZodType<{ call: string; request_id: string; module_version: string }>> {
  call: string
  operationId: string
  summary: string
  schema: S
  /** Taken of a tenant at rest as well. */
  atRest?: boolean
  bodyExample: object
  answerExample: object
  handle(deps: ModuleDeps, call: ModuleCall<z.output<S>>): Promise<object>
}

/** What modules call, outside the API: no credential but the signature. */
export function moduleRoutes(deps: ModuleDeps): Route[] {
  return [
    pairRoute(deps),
    hintRoute(deps),
    callRoute(deps, {
      call: 'state',
      operationId: 'moduleState',
      summary: 'Module: how things stand, and what is wanted',
      schema: stateSchema,
      bodyExample: {
        system_url: 'https://my.northbyte.example/billing',
        whmcs_version: '8.13.1',
        php_version: '8.2.7',
      },
      answerExample: {
        status: 'active',
        verified: true,
        server_time: 1_744_295_400,
        settings: {
          payment_method: 'banktransfer',
          no_email: false,
          review_url: 'https://payymo.example/',
          reference_hint: '{number}',
        },
        pending_payments: 1,
        waiting_for_review: 2,
        last_push_at: '2025-04-10T14:30:00Z',
        wanted: { full: false, invoices: ['1050'] },
      },
      handle: tellState,
    }),
    callRoute(deps, {
      call: 'push',
      operationId: 'modulePush',
      summary: 'Module: invoices and clients as they are now',
      schema: pushSchema,
      bodyExample: { clients: [], invoices: [], gone: ['1049'] },
      answerExample: {
        taken: 0,
        rejected: [{ id: '1050', reason: 'Client 7 is not known. Push it with its invoice.' }],
      },
      handle: takePush,
    }),
    callRoute(deps, {
      call: 'work',
      operationId: 'moduleWork',
      summary: 'Module: payments to book now',
      schema: workSchema,
      bodyExample: { limit: 50 },
      answerExample: {
        payments: [
          {
            payment_id: 'pay_01jrfzq4v8m2k9d7t5x3w1c0ab',
            fence: 1,
            action: 'pay',
            invoice_id: '1050',
            transid: 'PYM-3F2KQ7M5XJ4B6A2C7D3E5F4G2H',
            amount: '49.00',
            currency: 'EUR',
            gateway: 'banktransfer',
            date: '2025-04-10',
            fees: null,
            no_email: false,
            surplus: false,
            leased_until: '2025-04-10T14:45:00Z',
          },
        ],
      },
      handle: async (given, call) => ({ payments: await leaseWork(given, call) }),
    }),
    callRoute(deps, {
      call: 'results',
      operationId: 'moduleResults',
      summary: 'Module: what became of the payments',
      schema: resultsSchema,
      atRest: true,
      bodyExample: {
        results: [
          {
            payment_id: 'pay_01jrfzq4v8m2k9d7t5x3w1c0ab',
            fence: 1,
            outcome: 'applied',
            code: '',
            words: '',
            transactions: [
              {
                id: '812',
                transid: 'PYM-3F2KQ7M5XJ4B6A2C7D3E5F4G2H',
                invoice_id: '1050',
                amount_in: '49.00',
                amount_out: '0.00',
                date: '2025-04-10',
              },
            ],
            invoice: null,
          },
        ],
      },
      answerExample: { taken: [{ payment_id: 'pay_01jrfzq4v8m2k9d7t5x3w1c0ab', state: 'applied' }] },
      handle: async (given, call) => ({ taken: await takeResults(given, call) }),
    }),
  ]
}

function pairRoute(deps: ModuleDeps): Route {
  return publicRoute({
    operationId: 'pairModule',
    method: 'POST',
    path: '/module/pair',
    tag: TAG,
    summary: 'Module: exchange a pairing code for the secret',
    description:
      'The code is shown by `POST /api/v1/whmcs-instances` and `POST /api/v1/whmcs-instances/{id}/pairing-code`, lives an hour and works once. 400 in the same words for every code that does not; 409 when the module runs in another WHMCS.',
    rawBody: true,
    bodyLimitBytes: SMALL_BYTES_MAX,
    bodyExample: {
      code: 'pyc_aHR0cHM6Ly9wYXl5bW8uZXhhbXBsZSB3aG1f',
      nonce: '5f1d3b8a0c7e4f2196ad0b3c8e7f5a1d2c4b6e8f0a1b3c5d7e9f1a2b4c6d8e0f',
      system_url: 'https://my.northbyte.example/billing',
      whmcs_version: '8.13.1',
      php_version: '8.2.7',
      module_version: '1.0.0',
    },
    answers: {
      200: {
        description: 'The secret, and the proof that we hold it too',
        schema: z.object({
          instance_id: z.string(),
          secret: z.string(),
          proof: z.string(),
          server_time: z.int(),
        }),
        example: {
          instance_id: 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab',
          secret: 'whsec_<base64 of 32 bytes>',
          proof: '9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015',
          server_time: 1_744_295_400,
        },
      },
    },
    handle: async (context) => {
      const body = check(pairSchema, readJson(context.rawBody.toString('utf8')), 'body') as PairBody
      return { status: 200, body: await pairModule(deps, context, body) }
    },
  })
}

function hintRoute(deps: ModuleDeps): Route {
  return publicRoute({
    operationId: 'whmcsWebhook',
    method: 'POST',
    path: '/webhooks/whmcs/{id}',
    tag: TAG,
    summary: 'Module: a hint that something changed',
    description:
      'Signed in `X-Payymo-Signature` over `<t>.<body>` with the webhook secret of the installation. Only a hint: each `event_id` is taken once, and the truth is read back.',
    params: pathId,
    rawBody: true,
    bodyLimitBytes: SMALL_BYTES_MAX,
    bodyExample: {
      event_id: '7d1f3c5b9a',
      event: 'invoice.paid',
      sent_at: isoSeconds(new Date(1_744_295_400_000)),
      data: { invoice_id: '1050' },
    },
    answers: { 204: { description: 'Taken, now or before' } },
    handle: async (context) => {
      await takeHint(deps, context)
      return { status: 204 }
    },
  })
}

function callRoute<S extends z.ZodType<{ call: string; request_id: string; module_version: string }>>(
  deps: ModuleDeps,
  kind: CallKind<S>,
): Route {
  const { call, operationId, summary, bodyExample, answerExample } = kind
  return publicRoute({
    operationId,
    method: 'POST',
    path: `/module/whmcs/{id}/${call}`,
    tag: TAG,
    summary,
    description: SIGNED,
    params: pathId,
    rawBody: true,
    bodyLimitBytes: BODY_BYTES_MAX,
    bodyExample: { call, request_id: '5f1d3b8a0c7e4f2196ad0b3c8e7f5a1d', module_version: '1.0.0', ...bodyExample },
    answers: { 200: { description: 'Signed', schema: z.looseObject({}), example: answerExample } },
    handle: async (context): Promise<Answer> => {
      const admitted = await admitCall(deps, context as RawCall, kind)
      const text = writeJson(await kind.handle(deps, admitted))
      return {
        status: 200,
        body: text,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          [SIGNATURE_HEADER]: signAnswer(admitted.secret, admitted.body.request_id, text, deps.clock.now()),
        },
      }
    },
  })
}
