import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from './runner.ts'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { NARROW, RULES, SHOTS, stage, type Watched, watch, WIDE } from './shared.ts'
import type { Person } from '../stage.ts'
import { ownTenant } from './seed.ts'
import { tabThrough } from './tab-through.ts'

const firstId = async (path: string): Promise<string> => {
  const { body } = await stage.api('GET', path)
  assert.ok(body.data?.[0], `the sandbox company has nothing at ${path}`)
  return body.data[0].id
}
const webhook = await firstId('/webhooks')
const delivery = await firstId(`/webhooks/${webhook}/deliveries`)
const applied = await stage.api('GET', '/invoice-matches?status=applied&per_page=1')

/** Every screen, by the name of its picture. */
const SCREENS: Record<string, string> = {
  overview: '/',
  start: '/start',
  review: '/review',
  'review-unmatched': '/review?view=unmatched',
  'review-failed': '/review?view=failed',
  'review-quarantined': '/review?view=quarantined',
  'review-reversals': '/review?view=reversals',
  transactions: '/transactions',
  'transactions-none': '/transactions?q=nothingiscalledthis',
  transaction: `/transactions/${applied.body.data[0].transaction_id}`,
  invoices: '/invoices',
  invoice: `/invoices/${applied.body.data[0].allocations[0].invoice_id}`,
  clients: '/clients',
  client: `/clients/${await firstId('/clients?per_page=1')}`,
  payouts: '/payouts',
  payout: `/payouts/${await firstId('/payouts?per_page=1')}`,
  connections: '/connections',
  'connection-bank': `/connections/${await firstId('/bank-connections')}`,
  'connection-whmcs': `/connections/${await firstId('/whmcs-instances')}`,
  'connection-stripe': `/connections/${await firstId('/stripe-connections')}`,
  webhooks: '/webhooks',
  webhook: `/webhooks/${webhook}`,
  'webhook-delivery': `/webhooks/${webhook}?delivery=${delivery}`,
  keys: '/keys',
  key: `/keys/${await firstId('/api-keys')}`,
  team: '/team',
  matching: '/matching',
  alerts: '/alerts',
  audit: '/audit',
  settings: '/settings',
  branding: '/settings/branding',
  applications: '/settings/applications',
  account: '/settings/account',
}

/** A browser for each way of looking, made once. */
const LOOKS = [
  { name: '360-light', viewport: NARROW, colorScheme: 'light' },
  { name: '360-dark', viewport: NARROW, colorScheme: 'dark' },
  { name: '1440-light', viewport: WIDE, colorScheme: 'light' },
  { name: '1440-dark', viewport: WIDE, colorScheme: 'dark' },
] as const
interface Look {
  name: string
  watched: Watched
}
const openLooks = async (as?: Person): Promise<Look[]> => {
  const opened: Look[] = []
  for (const { name, ...options } of LOOKS) {
    const context = await stage.signedIn({ ...options, locale: 'en-GB', reducedMotion: 'reduce' }, as)
    opened.push({ name, watched: await watch(context) })
  }
  return opened
}
/** What runs the installation sees; the company that is looked at is no resource of the API there, which the console notes. */
const OPERATOR_SCREENS: Record<string, string> = {
  tenants: '/tenants',
  tenant: `/tenants/${await ownTenant()}`,
}
const isUnexpected = (fault: string): boolean => !/404 .*\/api\/v1\/tenants\//.test(fault)

let looks: Promise<Look[]> | undefined
for (const [name, path] of Object.entries(SCREENS)) {
  test(`screen ${name}`, async () => {
    looks ??= openLooks()
    const problems = await Promise.all((await looks).map((look) => lookAt(look, name, path)))
    assert.deepEqual(problems.flat(), [])
  })
}

let operatorLooks: Promise<Look[]> | undefined
for (const [name, path] of Object.entries(OPERATOR_SCREENS)) {
  test(`screen ${name}, of who runs the installation`, async () => {
    operatorLooks ??= stage.inviteOperator('root@example.com').then(openLooks)
    const problems = await Promise.all((await operatorLooks).map((look) => lookAt(look, name, path)))
    assert.deepEqual(problems.flat().filter(isUnexpected), [])
  })
}

async function lookAt({ name: look, watched }: Look, name: string, path: string): Promise<string[]> {
  const { page, faults } = watched
  faults.length = 0
  await go(watched, path)
  await page.screenshot({ path: join(SHOTS, `${name}-${look}.png`) })
  const problems = [...(await sideways(page)), ...(await inaccessible(page))]
  if (look === '1440-light') problems.push(...(await tabThrough(page)))
  if (look === '360-light') problems.push(...(await inGerman(watched, path)))
  return [...problems, ...faults].map((problem) => `${look}: ${problem}`)
}

/** The sandbox company has a page of its own at `/`: the overview is reached from within. */
async function go({ page, quiet }: Watched, path: string): Promise<void> {
  await page.goto(path === '/' ? '/start' : path)
  await quiet()
  if (path !== '/') return
  await page.evaluate("history.pushState({}, '', '/')")
  await page.locator('nav a[aria-current=page][href="/"]').waitFor({ state: 'attached' })
  await quiet()
}

/** What makes the page scroll to the side. */
async function sideways(page: Page): Promise<string[]> {
  const wide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  return wide > 0 ? [`scrolls ${wide} px to the side`] : []
}

async function inaccessible(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message.slice(0, 160) ?? ''}`)
        .join(' | ')}`,
  )
}

/** German is longer. */
async function inGerman(watched: Watched, path: string): Promise<string[]> {
  const { page } = watched
  await page.evaluate("localStorage.setItem('payymo.language', 'de')")
  await go(watched, path)
  const problems = (await sideways(page)).map((problem) => `in German, ${problem}`)
  if ((await page.evaluate<string>('document.documentElement.lang')) !== 'de') problems.push('not shown in German')
  await page.evaluate("localStorage.removeItem('payymo.language')")
  return problems
}
