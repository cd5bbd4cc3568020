import { checkFields } from './fields.ts'
import { spend } from './limits.ts'
import { ok, type Route } from './route.ts'
import { companyOf, issuePair, refreshAccess } from './tokens.ts'

export const TOKEN_ROUTES: Route[] = [
  {
    method: 'POST',
    path: '/token/new/',
    endpoint: 'token/new',
    bucket: 'token_new',
    open: true,
    fields: ['secret_id', 'secret_key'],
    handle: ({ world, body }) => {
      checkFields(body, { secret_id: { kind: 'text', required: true }, secret_key: { kind: 'text', required: true } })
      spend(world, String(body['secret_id']), 'token_new')
      return ok(issuePair(world, String(body['secret_id']), String(body['secret_key'])))
    },
  },
  {
    method: 'POST',
    path: '/token/refresh/',
    endpoint: 'token/refresh',
    bucket: 'token_refresh',
    open: true,
    fields: ['refresh'],
    handle: ({ world, body }) => {
      checkFields(body, { refresh: { kind: 'text', required: true } })
      const refresh = String(body['refresh'])
      spend(world, companyOf(world, refresh, 'refresh'), 'token_refresh')
      return ok(refreshAccess(world, refresh))
    },
  },
]
