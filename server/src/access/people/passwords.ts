import { createHmac } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import type { Secret } from '../../base/secret.ts'
import { createGate } from './gate.ts'

/** Reliability 30: argon2id, which is the library's default algorithm; 9–17 ms on the machine it was measured on. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Never more than two (reliability 30), and one processor is left to everybody else. On two busy cores hashing without a
 *  pause made reads of the API take at p99 half as long with one at once as with two, for three quarters of the hashes. */
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1))
/** Never reached behind the gate of whole sign-ins. */
const WAITING = 30

export interface Passwords {
  /** The hash to keep, with its parameters in front. */
  hash(password: string): Promise<string>
  /** Whether the password is the hash's. Without a hash it takes the same time and is false. Throws `service_unavailable`
   *  when too many are waiting. */
  matches(hashed: string | undefined, password: string): Promise<boolean>
  /** Whether the hash was made more cheaply than one would be today. */
  outdated(hashed: string): boolean
}

/** Hashes are keyed with a secret of the installation: a stolen copy of the database cannot even be guessed at. */
export function createPasswords(pepper: Secret, cost: typeof COST = COST): Passwords {
  const gate = createGate(AT_ONCE, WAITING)
  const options = { ...cost, secret: createHmac('sha256', pepper.reveal()).update('password').digest() }
  let dummy: Promise<string> | undefined

  return {
    hash: (password) => gate(() => hash(canonical(password), options)),
    matches: async (hashed, password) => {
      dummy ??= hash('nobody has this password', options)
      const against = hashed ?? (await dummy)
      const right = await gate(() => verify(against, canonical(password), options))
      return right && hashed !== undefined
    },
    outdated: (hashed) => {
      const used = parseOptions(hashed)
      return used.memoryCost < cost.memoryCost || used.timeCost < cost.timeCost || used.parallelism < cost.parallelism
    },
  }
}

/** The same password, whichever keyboard composed its letters (NIST SP 800-63B, 3.1.1.2). */
const canonical = (password: string): string => password.normalize('NFKC')
