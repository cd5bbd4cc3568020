import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOAuthApp, type OAuthApp } from '../../test/setup/factories-oauth.ts'
import { PASSWORD } from '../../test/setup/factories-people.ts'
import { inviteSandboxOwner } from './invite-owner.ts'

let bench: OAuthApp
beforeAll(async () => {
  bench = await createOAuthApp()
})
afterAll(() => bench.stop())

describe('inviteSandboxOwner', () => {
  it('gives a link at each start, without mail, until somebody has come in by it', async () => {
    const tenant = await bench.tenant()
    const mails = bench.mails.length
    const invite = () => inviteSandboxOwner({ people: bench.deps }, tenant.id)
    const former = (await invite())!
    const latest = (await invite())!
    await bench.runJobs()
    expect(bench.mails).toHaveLength(mails)
    const window = bench.window()
    expect((await window.open(pathOf(former.link))).status).toBe(422)
    await window.open(pathOf(latest.link))
    await window.submit({ password: PASSWORD })
    const { body } = await bench.api(tenant.key, 'GET', '/users')
    expect(body.data).toEqual([expect.objectContaining({ email: latest.email, role: 'owner', status: 'active' })])
    expect(await invite()).toBeUndefined()
  })

  it('gives none where somebody else has come in', async () => {
    const tenant = await bench.tenant()
    await bench.member(tenant)
    expect(await inviteSandboxOwner({ people: bench.deps }, tenant.id)).toBeUndefined()
  })
})

const pathOf = (link: string): string => new URL(link).pathname + new URL(link).search
