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

/** What a look for a proof came to. `none`: the place was looked at and holds another thing or nothing; `unknown`: it could not be
 *  looked at, which says nothing about whose it is. `issue` is in words for the tenant. */
export type ProofLook = { found: 'proof' } | { found: 'none' | 'unknown'; issue: string }

/** Looks for one proof, through the guarded way out: public addresses only, no redirects, little time and few bytes. */
export async function lookForProof(
  method: ProofMethod,
  instance: InstanceRow,
  webhookSecret: Secret,
  deps: { outbound: Pick<Outbound, 'request'>; resolveTxt: ResolveTxt },
): Promise<ProofLook> {
  const proofs = proofsOf(instance)
  if (method === 'dns') return lookInDns(proofs.dns, deps.resolveTxt)
  if (method === 'file') {
    const read = await readPage(proofs.file.url, deps.outbound)
    if (typeof read !== 'string') return read
    return read === proofs.file.content ? PROOF : none('The file is there and holds another text than the token')
  }
  const nonce = randomBytes(16).toString('hex')
  const read = await readPage(`${proofs.module.url}?nonce=${nonce}`, deps.outbound)
  if (typeof read !== 'string') return read
  const expected = createHmac('sha256', webhookSecret.reveal()).update(nonce).digest()
  const answered = /^[0-9a-f]{64}$/i.test(read) ? Buffer.from(read, 'hex') : Buffer.alloc(32)
  return timingSafeEqual(expected, answered)
    ? PROOF
    : none('The module answered with a wrong proof. Check that it holds the webhook secret of this installation')
}

const PROOF: ProofLook = { found: 'proof' }
const none = (issue: string): ProofLook => ({ found: 'none', issue })
const unknown = (issue: string): ProofLook => ({ found: 'unknown', issue })

/** Statuses of a firewall or of a server in trouble: what stands behind them nobody has seen. */
const isHidden = (status: number): boolean => [401, 403, 406, 408, 425, 429].includes(status) || status >= 500

/** The text of a page, or why there is none. */
async function readPage(url: string, outbound: Pick<Outbound, 'request'>): Promise<string | ProofLook> {
  try {
    const answer = await outbound.request({
      method: 'GET',
      url,
      budgetMs: BUDGET_MS,
      maxBytes: ANSWER_BYTES_MAX,
      policy: 'tenant',
    })
    if (answer.status !== 200) {
      const issue = `The address answered ${answer.status} instead of 200`
      return isHidden(answer.status) ? unknown(issue) : none(issue)
    }
    return answer
      .text()
      .replace(/^\uFEFF/, '')
      .trim()
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    // A page of more bytes than any proof is an answer; all else may be the network, or ours.
    const issue = `The address gave no answer: ${error.message}`
    return error.stage === 'too_large' ? none(issue) : unknown(issue)
  }
}

async function lookInDns(wanted: { name: string; value: string }, resolveTxt: ResolveTxt): Promise<ProofLook> {
  try {
    const records = await resolveTxt(wanted.name)
    if (records.some((pieces) => pieces.join('').trim() === wanted.value)) return PROOF
    return none(
      `The name has ${records.length} TXT ${records.length === 1 ? 'record' : 'records'}, none of which is the token`,
    )
  } catch (error) {
    // Only these two are answers of the domain's own name servers.
    const code = (error as { code?: unknown }).code
    return code === 'ENOTFOUND' || code === 'ENODATA'
      ? none('No TXT record was found')
      : unknown('The name servers gave no answer. Try again later')
  }
}
