import type { Operation } from './operations.ts'

/** What a cell of the table must be, by contract 3.6 and 4.1, written down apart from the program. `in`: let in as far as
 *  ids in the path and the body, whatever becomes of it there. */
export type Cell = 'in' | '401' | '403'

const NEVER = new Set([
  'none',
  'basic',
  'garbage',
  'unknown_key',
  'wrong_secret',
  'expired_key',
  'revoked_key',
  'suspended_tenant',
  'deleted_tenant',
  'stripe_key',
  'session_cookie',
  'disabled_user',
  'signed_out_user',
])

/** Money and secrets of one tenant: the operator has no business there. */
const OPERATOR = /^\/api\/v1\/tenants(\/|$)/

export function expected(operation: Operation, credential: string): Cell {
  if (NEVER.has(credential)) return '401'
  const { permission } = operation
  const [resource, verb] = permission.split(':') as [string, 'read' | 'write']
  const allowed = (granted: (name: string, verb: 'read' | 'write') => boolean) =>
    granted(resource, verb) ? 'in' : '403'
  switch (credential) {
    case 'operator':
    case 'operator_person':
      return OPERATOR.test(operation.path) ? 'in' : '403'
    case 'all':
    case 'exact':
    case 'owner':
      return tenantRules(operation, 'in')
    case 'partner':
      return 'in'
    case 'sibling':
    case 'all_others':
    case 'nothing_else':
      return '403'
    case 'stale_owner':
      return operation.sensitive ? '403' : tenantRules(operation, 'in')
    case 'admin':
      return tenantRules(operation, 'in')
    case 'reviewer':
      return tenantRules(
        operation,
        allowed((name, wanted) =>
          wanted === 'read'
            ? name !== 'api_keys' && name !== 'audit'
            : name === 'matches' || name === 'transactions' || name === 'payments',
        ),
      )
    case 'viewer':
      return tenantRules(
        operation,
        allowed((name, wanted) => wanted === 'read' && name !== 'api_keys' && name !== 'audit'),
      )
    default:
      throw new Error(`no rule for the credential ${credential}`)
  }
}

/** Only the operator and partners make and end tenants. */
function tenantRules(operation: Operation, otherwise: Cell): Cell {
  return operation.operationId === 'createTenant' || operation.operationId === 'deleteTenant' ? '403' : otherwise
}
