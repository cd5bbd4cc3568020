import { describe, expect, it } from 'vitest'
import { breakingChanges, deprecatedOutsideChangelog, type Document, shapeOnly } from './api-compare.ts'

type Any = any // oxlint-disable-line typescript/no-explicit-any -- each row bends the document its own way

/** One operation with everything an operation can have. */
const released = (): Any => ({
  paths: {
    '/api/v1/parcels/{id}': {
      patch: {
        operationId: 'changeParcel',
        summary: 'Change a parcel',
        security: [{ apiKey: ['parcels:write'] }, { accessToken: ['parcels:write'] }],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { $ref: '#/components/parameters/Page' },
          { name: 'sort', in: 'query', required: false, schema: { type: 'string', enum: ['size', '-size'] } },
        ],
        requestBody: {
          required: false,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/ChangeParcelRequest' } } },
        },
        responses: {
          200: {
            description: 'It',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Parcel' } } },
          },
          404: { $ref: '#/components/responses/NotFound' },
        },
      },
    },
    '/healthz': { get: { operationId: 'healthz', security: [], responses: { 200: { description: 'It lives' } } } },
  },
  webhooks: {
    'parcel.sent': {
      post: {
        operationId: 'onParcelSent',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Parcel' } } } },
        responses: { 200: { description: 'Taken' } },
      },
    },
  },
  components: {
    parameters: { Page: { name: 'page', in: 'query', schema: { type: 'integer', maximum: 100 } } },
    responses: {
      NotFound: {
        description: 'No',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
    schemas: {
      Error: {
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'string', enum: ['not_found', 'busy'] } },
      },
      ChangeParcelRequest: {
        type: 'object',
        additionalProperties: false,
        required: ['size'],
        properties: {
          size: { type: 'number', minimum: 0, maximum: 10 },
          name: { type: ['string', 'null'], maxLength: 20 },
          kind: { type: 'string', enum: ['box', 'bag'] },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 5 },
          to: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        },
      },
      Parcel: {
        type: 'object',
        required: ['id', 'state'],
        properties: {
          id: { type: 'string', description: 'Its id' },
          state: { type: 'string', enum: ['open', 'sent'] },
          sent_at: { type: ['string', 'null'], format: 'date-time' },
          description: { type: 'string' },
          parent: { anyOf: [{ $ref: '#/components/schemas/Parcel' }, { type: 'null' }] },
        },
      },
    },
  },
})
const operation = (document: Any): Any => document.paths['/api/v1/parcels/{id}'].patch
const request = (document: Any): Any => document.components.schemas.ChangeParcelRequest
const answer = (document: Any): Any => document.components.schemas.Parcel

const compare = (bend: (document: Any) => void, today = '2026-01-01'): string[] => {
  const after = released()
  bend(after)
  return breakingChanges(shapeOnly(released() as Document), after as Document, today)
}

describe('breaks a caller', () => {
  it.each<[string, RegExp, (document: Any) => void]>([
    ['an operation gone', /operation is gone/, (d) => void delete d.paths['/healthz']],
    ['a method gone', /operation is gone/, (d) => void delete d.paths['/api/v1/parcels/{id}'].patch],
    ['another operationId', /operationId/, (d) => void (operation(d).operationId = 'patchParcel')],
    ['another permission', /cannot be called/, (d) => void (operation(d).security = [{ apiKey: ['parcels:admin'] }])],
    ['a way in closed', /cannot be called/, (d) => void operation(d).security.pop()],
    ['a credential needed', /needs a credential/, (d) => void (d.paths['/healthz'].get.security = [{ apiKey: [] }])],
    ['a parameter gone', /query sort is gone/, (d) => void operation(d).parameters.pop()],
    ['a shared parameter gone', /query page is gone/, (d) => void operation(d).parameters.splice(1, 1)],
    ['a parameter required', /sort is required now/, (d) => void (operation(d).parameters[2].required = true)],
    [
      'a new parameter required',
      /new parameter query unit is required/,
      (d) =>
        void operation(d).parameters.push({ name: 'unit', in: 'query', required: true, schema: { type: 'string' } }),
    ],
    ['a value of a parameter gone', /"-size" is gone/, (d) => void operation(d).parameters[2].schema.enum.pop()],
    ['a shared parameter narrower', /maximum/, (d) => void (d.components.parameters.Page.schema.maximum = 50)],
    ['the body required', /body is required now/, (d) => void (operation(d).requestBody.required = true)],
    ['the body gone', /takes no body/, (d) => void delete operation(d).requestBody],
    [
      'another kind of body',
      /application\/json is gone/,
      (d) => void (operation(d).requestBody.content = { 'text/xml': { schema: { type: 'string' } } }),
    ],
    ['a field of the request gone', /body\.name is gone/, (d) => void delete request(d).properties.name],
    ['a field of the request required', /body\.name is required/, (d) => void request(d).required.push('name')],
    [
      'a new field of the request required',
      /body\.unit is required/,
      (d) => {
        request(d).properties.unit = { type: 'string' }
        request(d).required.push('unit')
      },
    ],
    ['a field retyped', /takes no number/, (d) => void (request(d).properties.size.type = 'string')],
    ['null no more taken', /takes no null/, (d) => void (request(d).properties.name.type = 'string')],
    ['a value of a field gone', /"bag" is gone/, (d) => void request(d).properties.kind.enum.pop()],
    ['values where any were taken', /takes only/, (d) => void (request(d).properties.name.enum = ['a'])],
    ['a lower maximum', /maximum/, (d) => void (request(d).properties.size.maximum = 9)],
    ['a higher minimum', /minimum/, (d) => void (request(d).properties.size.minimum = 1)],
    ['a new shortest length', /minLength/, (d) => void (request(d).properties.name.minLength = 2)],
    ['a pattern', /pattern/, (d) => void (request(d).properties.name.pattern = '^a')],
    ['fewer items', /maxItems/, (d) => void (request(d).properties.tags.maxItems = 4)],
    ['items retyped', /tags\[\] takes no string/, (d) => void (request(d).properties.tags.items.type = 'integer')],
    ['an alternative gone', /alternatives/, (d) => void request(d).properties.to.anyOf.pop()],
    ['a status gone', /status 404 is gone/, (d) => void delete operation(d).responses[404]],
    [
      'an answer without its body',
      /200: application\/json is gone/,
      (d) => void delete operation(d).responses[200].content,
    ],
    ['a field of the answer gone', /body\.sent_at is gone/, (d) => void delete answer(d).properties.sent_at],
    [
      'a field named like a word gone',
      /body\.description is gone/,
      (d) => void delete answer(d).properties.description,
    ],
    ['a field of the answer optional', /state may be missing/, (d) => void answer(d).required.pop()],
    ['a field of the answer retyped', /may be integer/, (d) => void (answer(d).properties.id.type = 'integer')],
    ['a field of the answer null', /id may be null/, (d) => void (answer(d).properties.id.type = ['string', 'null'])],
    ['a field of the answer anything', /may be anything/, (d) => void delete answer(d).properties.id.type],
    ['a value of the answer gone', /"sent" is gone/, (d) => void answer(d).properties.state.enum.pop()],
    ['a format of the answer gone', /no "date-time"/, (d) => void delete answer(d).properties.sent_at.format],
    ['a code of an error gone', /404: body\.code/, (d) => void d.components.schemas.Error.properties.code.enum.pop()],
    ['an event gone', /event parcel\.sent/, (d) => void delete d.webhooks['parcel.sent']],
    ['a field of an event gone', /event parcel\.sent: body\.id/, (d) => void delete answer(d).properties.id],
  ])('%s', (_name, fault, bend) => {
    expect(compare(bend).join('\n')).toMatch(fault)
  })
})

describe('breaks nobody', () => {
  it.each<[string, (document: Any) => void]>([
    ['nothing', () => {}],
    ['other words', (d) => void (operation(d).summary = 'Change it')],
    ['a new operation', (d) => void (d.paths['/new'] = { get: { operationId: 'new', responses: {} } })],
    ['a new optional parameter', (d) => void operation(d).parameters.push({ name: 'q', in: 'query', schema: {} })],
    ['a new optional field', (d) => void (request(d).properties.unit = { type: 'string' })],
    ['a field no longer required', (d) => void (request(d).required = [])],
    ['one more value taken', (d) => void request(d).properties.kind.enum.push('tube')],
    ['null taken as well', (d) => void (request(d).properties.size.type = ['number', 'null'])],
    ['a higher maximum', (d) => void (request(d).properties.size.maximum = 11)],
    ['no maximum', (d) => void delete request(d).properties.size.maximum],
    ['one more alternative', (d) => void request(d).properties.to.anyOf.push({ type: 'boolean' })],
    ['a new field of the answer', (d) => void (answer(d).properties.weight = { type: 'number' })],
    ['a field of the answer always there', (d) => void answer(d).required.push('sent_at')],
    ['a field of the answer never null', (d) => void (answer(d).properties.sent_at.type = 'string')],
    ['one more value of the answer', (d) => void answer(d).properties.state.enum.push('lost')],
    ['one more status', (d) => void (operation(d).responses[409] = { description: 'No' })],
    ['one more way in', (d) => void operation(d).security.push({ cookie: [] })],
    ['one more event', (d) => void (d.webhooks['parcel.lost'] = d.webhooks['parcel.sent'])],
  ])('%s', (_name, bend) => {
    expect(compare(bend)).toEqual([])
  })
})

describe('a deprecated operation', () => {
  const before = () => {
    const document = released()
    Object.assign(operation(document), { deprecated: true, 'x-sunset': '2026-07-01' })
    return document as Document
  }
  const after = () => {
    const document = before()
    delete document.paths['/api/v1/parcels/{id}']
    return document
  }

  it('may go once its sunset has passed, not on the day and not before', () => {
    expect(breakingChanges(before(), after(), '2026-06-30')).toHaveLength(1)
    expect(breakingChanges(before(), after(), '2026-07-01')).toHaveLength(1)
    expect(breakingChanges(before(), after(), '2026-07-02')).toEqual([])
  })

  it('stands in the changelog with its sunset', () => {
    expect(deprecatedOutsideChangelog(before(), 'Nothing changed')).toHaveLength(1)
    expect(deprecatedOutsideChangelog(before(), '- `PATCH /parcels/{id}` will go.\n- 2026-07-01')).toHaveLength(1)
    expect(deprecatedOutsideChangelog(before(), '- `PATCH /parcels/{id}` goes on 2026-07-01: use PUT.')).toEqual([])
  })
})

it('what is kept of a release holds no words, and compares the same', () => {
  const kept = shapeOnly(released() as Document)
  expect(JSON.stringify(kept)).not.toMatch(/Its id|Change a parcel/)
  expect(breakingChanges(kept, released() as Document, '2026-01-01')).toEqual([])
})
