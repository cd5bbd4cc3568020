import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { examine, type Visit } from '../../src/cli/doctor/examine.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import type { Database } from '../../src/database/open.ts'

/** As the program reads DATABASE_URL, also when the server is reached by a socket. */
export function urlOf({ connection }: Pick<Database, 'connection'>, user = connection.user): string {
  const { connectionString, host, port, database } = connection
  return connectionString ?? `postgresql://${user}@/${database}?host=${encodeURIComponent(host!)}&port=${port}`
}

/** PAYYMO_ENCRYPTION_KEYS with these ids, each with a key of its own. */
export const keysText = (...ids: string[]): string =>
  ids.map((id) => `${id}:${randomBytes(32).toString('base64')}`).join(',')

/** A working folder of its own, and visits in it that know nothing of this machine's environment. */
export interface DoctorBench {
  folder: string
  visit(environment?: NodeJS.ProcessEnv, options?: Partial<Visit>): Promise<Finding[]>
  close(): void
}

export function createDoctorBench(): DoctorBench {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-doctor-'))
  return {
    folder,
    visit: (environment = {}, options = {}) =>
      examine({
        environment: { PAYYMO_DATA_DIR: join(folder, 'data'), ...environment },
        folder,
        live: false,
        ...options,
      }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The findings of one check. */
export const of = (findings: readonly Finding[], check: string): Finding[] =>
  findings.filter((finding) => finding.check === check)

/** Its one finding. */
export function one(findings: readonly Finding[], check: string): Finding {
  const found = of(findings, check)
  if (found.length !== 1) throw new Error(`${check} was found ${found.length} times`)
  return found[0]!
}
