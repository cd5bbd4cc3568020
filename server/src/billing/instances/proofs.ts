import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../base/secret.ts'
import { type Outbound, OutboundError } from '../../outbound/index.ts'
import type { InstanceRow, ProofMethod } from './queries.ts'

export const PROOF_METHODS: readonly ProofMethod[] = ['module', 'file', 'dns']

const BUDGET_MS = 10_000
const ANSWER_BYTES_MAX = 64 * 1024

/** TXT records of a name, each as its pieces, as node:dns gives them. */
export type ResolveTxt = (name: string) => Promise<string[][]>

/** What the tenant puts where, so that we may look for it (contract 4.5). */
export function proofsOf({ systemUrl, proofToken }: Pick<InstanceRow, 'systemUrl' | 'proofToken'>) {
  const url = new URL(systemUrl)
  return {
    module: { url: `${systemUrl}/modules/addons/payymo/proof.php` },
    // Addresses outside the list of private hosts are https by rule, so that the scheme of the system URL is the right one.
    file: { url: `${url.origin}/.well-known/payymo-${proofToken}.txt`, content: proofToken },
    dns: { name: `_payymo.${url.hostname}`, value: proofToken },
  }
}

/** Looks for one proof. Null when it is there, otherwise what was found instead, in words for the tenant. */
export async function lookForProof(
  method: ProofMethod,
  instance: InstanceRow,
  webhookSecret: Secret,
  deps: { outbound: Pick<Outbound, 'request'>; resolveTxt: ResolveTxt },
): Promise<string | null> {
  const proofs = proofsOf(instance)
  if (method === 'dns') return lookInDns(proofs.dns, deps.resolveTxt)
  if (method === 'file') {
    const read = await readPage(proofs.file.url, deps.outbound)
    if (read.fault !== null) return read.fault
    return read.text === proofs.file.content ? null : 'The file is there and holds another text than the token'
  }
  const nonce = randomBytes(16).toString('hex')
  const read = await readPage(`${proofs.module.url}?nonce=${nonce}`, deps.outbound)
  if (read.fault !== null) return read.fault
  const expected = createHmac('sha256', webhookSecret.reveal()).update(nonce).digest()
  const answered = /^[0-9a-f]{64}$/i.test(read.text) ? Buffer.from(read.text, 'hex') : Buffer.alloc(32)
  return timingSafeEqual(expected, answered)
    ? null
    : 'The module answered with a wrong proof. Check that it holds the webhook secret of this installation'
}

async function readPage(
  url: string,
  outbound: Pick<Outbound, 'request'>,
): Promise<{ text: string; fault: null } | { text: null; fault: string }> {
  try {
    const answer = await outbound.request({
      method: 'GET',
      url,
      budgetMs: BUDGET_MS,
      maxBytes: ANSWER_BYTES_MAX,
      policy: 'tenant',
    })
    if (answer.status === 200)
      return {
        text: answer
          .text()
          .replace(/^\uFEFF/, '')
          .trim(),
        fault: null,
      }
    return { text: null, fault: `The address answered ${answer.status} instead of 200` }
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    return { text: null, fault: `The address gave no answer: ${error.message}` }
  }
}

async function lookInDns(wanted: { name: string; value: string }, resolveTxt: ResolveTxt): Promise<string | null> {
  try {
    const records = await resolveTxt(wanted.name)
    if (records.some((pieces) => pieces.join('').trim() === wanted.value)) return null
    return `The name has ${records.length} TXT ${records.length === 1 ? 'record' : 'records'}, none of which is the token`
  } catch (error) {
    const code = (error as { code?: unknown }).code
    const none = code === 'ENOTFOUND' || code === 'ENODATA'
    return none ? 'No TXT record was found' : 'The name servers gave no answer. Try again later'
  }
}
