import { setTimeout as wait } from 'node:timers/promises'
import {
  type Decision,
  DECISIONS,
  decide,
  moveTo,
  offeredAccounts,
  openLink,
  returnUrl,
  selectsAccounts,
} from './consents.ts'
import { accountsPage, bankPage, consentPage, overPage } from './pages.ts'
import { isoOf, type Requisition, type World } from './state.ts'

export interface PageAnswer {
  status: number
  html: string
  location?: string
}

const SLOW_MS = 5000
const shown = (html: string, status = 200): PageAnswer => ({ status, html })
const away = (location: string): PageAnswer => ({ status: 302, html: '', location })

/** Serves the pages of the browser's journey; null for paths that are none of them. */
export async function answerPage(
  world: World,
  method: string,
  path: string,
  form: URLSearchParams,
): Promise<PageAnswer | null> {
  const [, area, first, second, third] = path.split('/')
  if (area === 'psd2' && first === 'start' && method === 'GET') return start(world, second ?? '')
  if (area === 'psd2' && first === 'reconfirm' && method === 'GET') return reconfirm(world, second ?? '')
  if (area !== 'ob' || first === undefined || third !== undefined) return null
  const requisition = Object.values(world.kept.requisitions).find((one) => one.visit === first)
  if (requisition === undefined || requisition.finished) return shown(overPage(), 410)
  if (method === 'GET') return shown(pageFor(world, requisition))
  const to = await step(world, requisition, second ?? '', form)
  return to === null ? away(`/ob/${first}`) : away(to)
}

/** The link. The second opening is sent back with `RequisitionLinkReused`. */
function start(world: World, id: string): PageAnswer {
  const requisition = world.kept.requisitions[id]
  if (requisition === undefined) return shown(overPage(), 404)
  const visit = openLink(world, requisition)
  if (visit === null)
    return away(returnUrl(requisition, 'RequisitionLinkReused', 'The requisition link was used before'))
  return shown(pageFor(world, requisition))
}

function pageFor(world: World, requisition: Requisition): string {
  const bank = world.institutions.get(requisition.institution_id)
  const agreement = world.kept.agreements[requisition.agreement]
  const visit = requisition.visit
  if (bank === undefined || agreement === undefined || visit === null) return overPage()
  if (requisition.status === 'SA') {
    return accountsPage(
      visit,
      bank,
      offeredAccounts(world, requisition).map((key) => world.kept.accounts[key]!.seed),
    )
  }
  if (requisition.status === 'UA') return bankPage(visit, bank)
  const { max_historical_days: historyDays, access_valid_for_days: accessDays, access_scope: scopes } = agreement
  return consentPage(visit, bank, { historyDays, accessDays, scopes })
}

/** One button. Returns where the browser leaves to, or null when the journey goes on. */
async function step(
  world: World,
  requisition: Requisition,
  action: string,
  form: URLSearchParams,
): Promise<string | null> {
  if (action === 'agree') {
    if (requisition.status === 'GC') moveTo(world, requisition, 'UA')
    return null
  }
  if (action === 'slow') await wait(SLOW_MS)
  if ((action === 'approve' || action === 'slow') && requisition.status !== 'SA') {
    if (!selectsAccounts(world, requisition)) return decide(world, requisition, 'approve')
    moveTo(world, requisition, 'SA')
    return null
  }
  if (action === 'select') {
    const known = new Set(offeredAccounts(world, requisition))
    return decide(
      world,
      requisition,
      'approve',
      form.getAll('account').filter((key) => known.has(key)),
    )
  }
  return DECISIONS.includes(action as Decision) ? decide(world, requisition, action as Decision) : null
}

/** The British 90-day confirmation: opening the page confirms. */
function reconfirm(world: World, id: string): PageAnswer {
  const agreement = world.kept.agreements[id]
  if (!agreement?.confirmation) return shown(overPage(), 404)
  agreement.confirmation.confirmedAt = isoOf(world.nowMs())
  return agreement.confirmation.redirect === null ? shown(overPage()) : away(agreement.confirmation.redirect)
}
