import type { TestAnswer, TestApp, TestTenant } from './app.ts'

/** A connection that takes statement files, with its one account. */
export async function makeFileConnection(
  tenant: TestTenant,
  account: { name?: string; currency?: string; iban?: string | null } = {},
): Promise<{ id: string; accountId: string }> {
  const answer = await tenant.call('POST', '/bank-connections', {
    provider: 'file',
    name: 'Test Bank',
    account: { name: 'Business account', currency: 'EUR', ...account },
  })
  if (answer.status !== 201) throw new Error(`no connection: ${JSON.stringify(answer.body)}`)
  return { id: answer.body.id, accountId: answer.body.accounts[0].id }
}

/** Uploads a file as the body itself. */
export async function upload(
  app: TestApp,
  tenant: Pick<TestTenant, 'key'>,
  connectionId: string,
  file: string | Uint8Array,
  options: { query?: string; contentType?: string } = {},
): Promise<TestAnswer> {
  const answer = await app.http.inject({
    method: 'POST',
    url: `/api/v1/bank-connections/${connectionId}/statements${options.query ?? ''}`,
    headers: {
      authorization: `Bearer ${tenant.key}`,
      'content-type': options.contentType ?? 'application/octet-stream',
    },
    payload: typeof file === 'string' ? file : Buffer.from(file),
  })
  return { status: answer.statusCode, body: JSON.parse(answer.body), headers: answer.headers }
}

/** Uploads a multipart form. */
export async function uploadForm(
  app: TestApp,
  tenant: TestTenant,
  connectionId: string,
  form: FormData,
): Promise<TestAnswer> {
  const encoded = new Response(form)
  const bytes = new Uint8Array(await encoded.arrayBuffer())
  return upload(app, tenant, connectionId, bytes, { contentType: encoded.headers.get('content-type')! })
}

/** All lines of an account, oldest first. */
export async function linesOf(tenant: TestTenant, accountId: string): Promise<TestAnswer['body'][]> {
  const answer = await tenant.call('GET', `/transactions?account_id=${accountId}&per_page=100&sort=created_at`)
  return answer.body.data
}
