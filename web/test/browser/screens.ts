import assert from 'node:assert/strict'
import { join } from 'node:path'
import { SHOTS, test } from './runner.ts'
import type { Page } from 'playwright-core'
import { inaccessible } from './accessible.ts'
import { isExamined, LOOKS, stage, type Watched, watch } from './shared.ts'
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

/** What runs the installation sees; the company that is looked at is no resource of the API there, which the console notes. */
const OPERATOR_SCREENS: Record<string, string> = {
  tenants: '/tenants',
  tenant: `/tenants/${await ownTenant()}`,
}
const isUnexpected = (fault: string): boolean => !/404 .*\/api\/v1\/tenants\//.test(fault)

/** A page that stays open from screen to screen, and goes on as people do: within the dashboard. */
interface Look {
  name: string
  watched: Watched
  isOpen: boolean
}
const open = async (name: string, context: Parameters<typeof stage.signedIn>[0], as?: Person): Promise<Look> => ({
  name,
  watched: await watch(await stage.signedIn({ locale: 'en-GB', reducedMotion: 'reduce', ...context }, as)),
  isOpen: false,
})
const openLooks = async (as?: Person): Promise<Look[]> => {
  const opened: Look[] = []
  for (const { name, ...options } of LOOKS) opened.push(await open(name, options, as))
  // German is longer.
  const { viewport } = LOOKS[0]
  opened.push(await open('in German', { viewport, locale: 'de-DE' }, as))
  return opened
}

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

async function lookAt(look: Look, name: string, path: string): Promise<string[]> {
  const { page, faults } = look.watched
  faults.length = 0
  await go(look, path)
  const problems = await sideways(page)
  if (look.name === 'in German') {
    if ((await page.evaluate<string>('document.documentElement.lang')) !== 'de') problems.push('is not shown')
  } else {
    await page.screenshot({ path: join(SHOTS, `${name}-${look.name}.png`) })
    if (isExamined(look.name)) problems.push(...(await inaccessible(page)))
  }
  if (look.name === '1440-light') problems.push(...(await tabThrough(page)))
  return [...problems, ...faults].map((problem) => `${look.name}: ${problem}`)
}

/** Loads the page once; from then on goes to other screens within it. */
async function go(look: Look, path: string): Promise<void> {
  const { page, quiet } = look.watched
  if (look.isOpen) {
    const from = new URL(page.url()).pathname
    await page.evaluate(`document.querySelector('main')?.firstElementChild?.setAttribute('data-former', '')`)
    await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`)
    if (from !== new URL(path, page.url()).pathname) await page.locator('[data-former]').waitFor({ state: 'detached' })
  } else await page.goto(path)
  look.isOpen = true
  await quiet()
}

/** What makes the page scroll to the side. */
async function sideways(page: Page): Promise<string[]> {
  const wide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  return wide > 0 ? [`scrolls ${wide} px to the side`] : []
}
