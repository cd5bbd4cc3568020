import { describe, expect, it } from 'vitest'
import { sdkFiles } from './sdk-files.ts'
import { type ApiDocument, sdkOperations } from './sdk-document.ts'

type Methods = Record<string, string[]>

const listed = { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ParcelList' } } } } }
const one = { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Parcel' } } } } }
const nothing = { 204: {} }

const sent = {
  operationId: 'onParcelSent',
  summary: 'parcel.sent',
  requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Parcel' } } } },
  responses: {},
}

/** A document with these addresses; a GET of a collection is a list. */
function documentOf(methods: Methods): ApiDocument {
  let count = 0
  const operation = (path: string, verb: string) => {
    const isList = verb === 'get' && !/\}$|\/verify$|candidates$/.test(path)
    return {
      operationId: `operation${(count += 1)}`,
      summary: 'Something',
      parameters: isList ? [{ name: 'per_page', in: 'query', schema: { type: 'integer' } }] : [],
      responses: verb === 'delete' ? nothing : isList ? listed : one,
    }
  }
  return {
    paths: Object.fromEntries(
      Object.entries(methods).map(([path, verbs]) => [
        `/api/v1${path}`,
        Object.fromEntries(verbs.map((verb) => [verb, operation(path, verb)])),
      ]),
    ),
    webhooks: { 'parcel.sent': { post: sent } },
    components: {
      parameters: {},
      schemas: {
        Parcel: {
          type: 'object',
          required: ['id', 'amount'],
          properties: {
            id: { type: 'string' },
            amount: { type: 'number', format: 'decimal' },
            kind: { type: ['string', 'null'], enum: ['box', null] },
            sizes: { type: 'array', items: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
            error: { anyOf: [{ $ref: '#/components/schemas/Error' }, { type: 'null' }] },
          },
        },
        ParcelList: {
          type: 'object',
          properties: {
            data: { type: 'array', items: { $ref: '#/components/schemas/Parcel' } },
            pagination: { type: 'object' },
          },
        },
        Error: {
          type: 'object',
          required: ['error'],
          properties: { error: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } } },
        },
      },
    },
  }
}

describe('methods are named by their address', () => {
  it.each<[string, string, string]>([
    ['get', '/bank-connections', 'bankConnections.list'],
    ['post', '/bank-connections', 'bankConnections.create'],
    ['get', '/bank-connections/{id}', 'bankConnections.get'],
    ['patch', '/bank-connections/{id}', 'bankConnections.update'],
    ['delete', '/bank-connections/{id}', 'bankConnections.delete'],
    ['post', '/bank-connections/initialize', 'bankConnections.initialize'],
    ['get', '/bank-connections/{id}/syncs', 'bankConnections.listSyncs'],
    ['post', '/bank-connections/{id}/statements', 'bankConnections.importStatement'],
    ['post', '/transactions/batch', 'transactions.createBatch'],
    ['get', '/transactions/{id}/candidates', 'transactions.getCandidates'],
    ['post', '/webhooks/{id}/rotate-secret', 'webhooks.rotateSecret'],
    ['get', '/webhooks/{id}/deliveries/{dlv}', 'webhooks.getDelivery'],
    ['post', '/webhooks/{id}/deliveries/{dlv}/redeliver', 'webhooks.redeliver'],
    ['post', '/clients/{id}/payers', 'clients.createPayer'],
    ['delete', '/clients/{id}/payers/{n}', 'clients.deletePayer'],
    ['post', '/tenants/{id}/api-keys', 'tenants.createApiKey'],
    ['get', '/audit-events/verify', 'auditEvents.verify'],
    ['put', '/provider-credentials/gocardless', 'providerCredentials.replaceGocardless'],
    ['delete', '/provider-credentials/{provider}', 'providerCredentials.delete'],
  ])('%s %s is %s', (verb, path, name) => {
    const [operation] = sdkOperations(documentOf({ [path]: [verb] }))
    expect(`${operation!.resource}.${operation!.method}`).toBe(name)
  })

  it('and two of one name are refused', () => {
    const document = documentOf({ '/parcels/{id}/payers': ['post'], '/parcels/payers': ['post'] })
    expect(() => sdkOperations(document)).toThrow(/parcels\.createPayer/)
  })
})

describe('the generated files', () => {
  const document = documentOf({ '/parcels': ['get'], '/parcels/{id}': ['get', 'delete'] })

  it('are the same for the same document', () => {
    expect(sdkFiles(JSON.stringify(document))).toEqual(sdkFiles(JSON.stringify(document)))
  })

  it('type amounts, nulls, and names that JavaScript has already', () => {
    const types = sdkFiles(JSON.stringify(document))['sdk/typescript/src/generated/types.ts']!
    expect(types).toContain('amount: Amount')
    expect(types).toContain("kind?: 'box' | null")
    expect(types).toContain('sizes?: (number | null)[]')
    expect(types).toContain('error?: ErrorAnswer | null')
    expect(types).toContain("new Set(['amount'])")
  })

  it('walk lists, and escape what stands in an address', () => {
    const resources = sdkFiles(JSON.stringify(document))['sdk/typescript/src/generated/resources.ts']!
    expect(resources).toContain(
      'listAll(query: t.Operation1Query = {}, options?: CallOptions): AsyncGenerator<t.Parcel>',
    )
    expect(resources).toContain('path: `/parcels/${segment(id)}`')
    expect(resources).toContain('delete(id: string, options?: CallOptions): Call<void>')
  })

  it('are not made where a name is an amount in one shape and a number in another', () => {
    const mixed = structuredClone(document)
    mixed.components.schemas.Error!.properties!.amount = { type: 'integer' }
    expect(() => sdkFiles(JSON.stringify(mixed))).toThrow(/amount/)
  })
})
