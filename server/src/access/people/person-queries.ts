import type { PersonTx, Tx } from '../../database/transaction.ts'

export interface PersonRow {
  personUuid: string
  email: string
  passwordHash: string
  /** Moves with every new password: what was proved with the old one no longer counts. */
  passwordChangedAt: Date
  totpSecret: Buffer | null
  totpPending: Buffer | null
  /** The time step of the last code taken. */
  totpStep: number
  codeFailures: number
  codesHeldUntil: Date | null
}

const PERSON =
  'person_id, email, password_hash, password_changed_at, totp_secret, totp_pending, totp_step, code_failures, codes_held_until'

/** Which person an address belongs to. */
export async function findPerson(tx: Tx, emailKey: string): Promise<string | undefined> {
  const row = await tx.first<{ person_id: string }>('select person_id from people where email_key = $1', [emailKey])
  return row?.person_id
}

export async function getPerson(tx: PersonTx): Promise<PersonRow | undefined> {
  const row = await tx.first<PersonRecord>(`select ${PERSON} from people where person_id = $1`, [tx.personUuid])
  return row && personOf(row)
}

/** As `getPerson`, holding the row until the transaction ends. */
export async function lockPerson(tx: PersonTx): Promise<PersonRow | undefined> {
  const row = await tx.first<PersonRecord>(`select ${PERSON} from people where person_id = $1 for update`, [
    tx.personUuid,
  ])
  return row && personOf(row)
}

/** Throws PostgreSQL's unique violation (`people_email_key_key`) when somebody was first. */
export async function insertPerson(
  tx: PersonTx,
  person: { email: string; emailKey: string; passwordHash: string; at: Date },
): Promise<void> {
  await tx.run(
    `insert into people (person_id, email, email_key, password_hash, password_changed_at) values ($1, $2, $3, $4, $5)`,
    [tx.personUuid, person.email, person.emailKey, person.passwordHash, person.at],
  )
}

/** Another password. Its time always rises, also where the clock stands or goes back: it tells one password from the next. */
export async function setPassword(tx: PersonTx, passwordHash: string, at: Date): Promise<void> {
  await tx.run(
    `update people set password_hash = $2, updated_at = now(),
            password_changed_at = greatest($3, password_changed_at + interval '1 millisecond')
      where person_id = $1`,
    [tx.personUuid, passwordHash, at],
  )
}

/** The same password under today's parameters, unless another took its place meanwhile. */
export async function setHash(tx: PersonTx, before: string, passwordHash: string): Promise<void> {
  await tx.run('update people set password_hash = $3 where person_id = $1 and password_hash = $2', [
    tx.personUuid,
    before,
    passwordHash,
  ])
}

export async function setCodeState(
  tx: PersonTx,
  state: Pick<PersonRow, 'totpStep' | 'codeFailures' | 'codesHeldUntil'>,
): Promise<void> {
  await tx.run('update people set totp_step = $2, code_failures = $3, codes_held_until = $4 where person_id = $1', [
    tx.personUuid,
    state.totpStep,
    state.codeFailures,
    state.codesHeldUntil,
  ])
}

export async function setTotp(
  tx: PersonTx,
  totp: { secret: Buffer | null; pending: Buffer | null; step: number },
): Promise<void> {
  await tx.run(
    'update people set totp_secret = $2, totp_pending = $3, totp_step = $4, updated_at = now() where person_id = $1',
    [tx.personUuid, totp.secret, totp.pending, totp.step],
  )
}

/** The former codes are void. */
export async function replaceRecoveryCodes(tx: PersonTx, digests: Buffer[]): Promise<void> {
  await tx.run('delete from recovery_codes where person_id = $1', [tx.personUuid])
  await tx.run('insert into recovery_codes (person_id, digest) select $1, unnest($2::bytea[])', [
    tx.personUuid,
    digests,
  ])
}

/** Uses the code up. How many are left, or undefined when it was none. */
export async function takeRecoveryCode(tx: PersonTx, digest: Buffer): Promise<number | undefined> {
  const taken = await tx.run('delete from recovery_codes where person_id = $1 and digest = $2', [tx.personUuid, digest])
  if (taken === 0) return undefined
  const { count } = await tx.one<{ count: number }>(
    'select count(*)::int as count from recovery_codes where person_id = $1',
    [tx.personUuid],
  )
  return count
}

export async function countResets(tx: PersonTx, at: Date): Promise<number> {
  const { count } = await tx.one<{ count: number }>(
    'select count(*)::int as count from password_resets where person_id = $1 and expires_at > $2',
    [tx.personUuid, at],
  )
  return count
}

export async function insertReset(tx: PersonTx, digest: Buffer, expiresAt: Date): Promise<void> {
  await tx.run('insert into password_resets (person_id, digest, expires_at) values ($1, $2, $3)', [
    tx.personUuid,
    digest,
    expiresAt,
  ])
}

/** Whose link it is, while it holds. */
export async function findReset(tx: Tx, digest: Buffer, at: Date): Promise<string | undefined> {
  const row = await tx.first<{ person_id: string }>(
    'select person_id from password_resets where digest = $1 and expires_at > $2',
    [digest, at],
  )
  return row?.person_id
}

/** Uses the link up, and every other one of the person with it. False when it is no longer there. */
export async function takeReset(tx: PersonTx, digest: Buffer): Promise<boolean> {
  const taken = await tx.run('delete from password_resets where person_id = $1 and digest = $2', [
    tx.personUuid,
    digest,
  ])
  if (taken === 0) return false
  await tx.run('delete from password_resets where person_id = $1', [tx.personUuid])
  return true
}

interface PersonRecord {
  person_id: string
  email: string
  password_hash: string
  password_changed_at: Date
  totp_secret: Buffer | null
  totp_pending: Buffer | null
  totp_step: string
  code_failures: number
  codes_held_until: Date | null
}

function personOf(row: PersonRecord): PersonRow {
  return {
    personUuid: row.person_id,
    email: row.email,
    passwordHash: row.password_hash,
    passwordChangedAt: row.password_changed_at,
    totpSecret: row.totp_secret,
    totpPending: row.totp_pending,
    totpStep: Number.parseInt(row.totp_step, 10),
    codeFailures: row.code_failures,
    codesHeldUntil: row.codes_held_until,
  }
}
