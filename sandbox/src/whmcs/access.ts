import { createHash } from 'node:crypto'
import type { Form } from './form.ts'
import { fail, type Refused } from './refusal.ts'
import type { Switches } from './switches.ts'

export interface Credential {
  identifier: string
  secret: string
  roles: string[]
  /** Whether the administrator role of its admin holds "API Access". */
  apiAccess: boolean
}

/** Who may call. The defaults let this machine in with one credential that may do everything. */
export interface Access {
  /** Exact addresses only; an empty list refuses everybody, as in a fresh install. */
  allowedIps: string[]
  bannedIps: string[]
  /** `$api_access_key`: replaces the IP test, nothing else. */
  accessKey: string | null
  /** The address WHMCS believes it sees, when not the connection's own (an untrusted proxy in front). */
  seenIp: string | null
  credentials: Credential[]
  /** Admin logins of the old kind: the password in clear here, its MD5 on the wire. They may do everything. */
  admins: { username: string; password: string }[]
  /** Action names (any case) by role; `*` allows all. */
  roles: Record<string, string[]>
}

export const DEFAULT_CREDENTIAL = {
  identifier: 'SandboxIdentifier000000000000001',
  secret: 'SandboxSecretSandboxSecret000001',
}

export const DEFAULT_ACCESS: Access = {
  allowedIps: ['127.0.0.1', '::1'],
  bannedIps: [],
  accessKey: null,
  seenIp: null,
  credentials: [{ ...DEFAULT_CREDENTIAL, roles: ['full'], apiAccess: true }],
  admins: [],
  roles: { full: ['*'] },
}

/** The three tests in WHMCS's order (reference 1.3, 1.4): address, credentials, and, by `may`, the role. */
export function admit(
  access: Access,
  switches: Switches,
  form: Form,
  peer: string,
): { may: (action: string) => Refused | null } | Refused {
  const ip = access.seenIp ?? peer.replace(/^::ffff:/, '')
  if (access.bannedIps.includes(ip)) return fail(403, `Forbidden IP ${ip}`)
  const keyed = access.accessKey !== null && form.raw('accesskey') === access.accessKey
  if (!keyed && !access.allowedIps.includes(ip)) return fail(403, `Invalid IP ${ip}`)

  const name = form.raw('identifier') ?? form.raw('username')
  const secret = form.raw('secret') ?? form.raw('password')
  const admin = access.admins.find((one) => one.username === name && md5(one.password) === secret)
  if (admin) return { may: () => null }
  const credential = access.credentials.find((one) => one.identifier === name && one.secret === secret)
  if (!credential) return fail(403, credentialText(switches))
  if (!credential.apiAccess) return fail(403, 'Access Denied')
  const allowed = new Set(
    credential.roles.flatMap((role) => access.roles[role] ?? []).map((action) => action.toLowerCase()),
  )
  return {
    may: (action) =>
      allowed.has('*') || allowed.has(action)
        ? null
        : fail(403, `Invalid Permissions: API action "${action}" is not allowed`),
  }
}

function credentialText(switches: Switches): string {
  if (switches.credentialError !== 'version') return switches.credentialError
  return switches.version === '7.10' ? 'Authentication Failed' : 'Invalid or missing credentials'
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
