import type { Secret } from '../../base/secret.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import type { CredentialKind } from './authenticate.ts'
import { keyDigest, sameDigest } from './key-format.ts'

/** The operator's key of the settings, kept as a digest only. It has all permissions and is counted like a premium tenant. */
export function operatorKey(options: { pepper: Secret; key: Secret | undefined }): CredentialKind {
  const pepper = options.pepper.reveal()
  const digest = options.key && keyDigest(pepper, options.key.reveal())
  return {
    owns: (token) => digest !== undefined && sameDigest(keyDigest(pepper, token), digest),
    remembers: () => true,
    callerOf: async (_token, { ip, requestId }) => ({
      kind: 'operator',
      tenantId: OPERATOR_TENANT,
      actor: { type: 'operator', id: 'operator', name: 'Operator', ip, requestId },
      permissions: new Set(['*']),
      tier: 'premium',
      partner: false,
      signedInAt: null,
    }),
  }
}
