import type { Reply } from './answer.ts'

/** What a whole address may be instead of a WHMCS that works (the default, first). */
export const SITES = [
  'whmcs',
  /** Somebody's website: its front page is there, `includes/api.php` is not. */
  'not_whmcs',
  /** A site that answers every address with the same page and 200, as single-page applications do. */
  'page_for_all',
  /** Everything stands behind a login page, which comes with 200. */
  'login_page',
  /** 301 to the same path below `movedTo`: to https, to www, to another host or folder. */
  'moved',
  /** Files of one version on a database of another: WHMCS says so on a page of HTML with 200. */
  'half_upgraded',
  /** Licence or ionCube: a page of HTML with 200 from every PHP file. */
  'licence',
  /** PHP dies before it says anything: 500, no body. */
  'php_fatal',
  /** As `php_fatal` where the server hides it: 200, no body. */
  'silent',
] as const
export type Site = (typeof SITES)[number]

const html = (status: number, title: string, text: string): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${text}</body></html>\n`,
})

const NOTHING = { type: 'text/html; charset=UTF-8', body: '' }

/** Of sites where one answer is enough. */
const ANSWERS: Record<Exclude<Site, 'whmcs' | 'not_whmcs' | 'moved'>, { reply: Reply; phpOnly: boolean }> = {
  page_for_all: {
    reply: html(200, 'App', '<div id="root"></div><script>window.state = {"user": null}</script>'),
    phpOnly: false,
  },
  login_page: {
    reply: html(200, 'Sign in', '<form method="post"><input name="user"><input name="pass"></form>'),
    phpOnly: false,
  },
  half_upgraded: {
    reply: html(200, 'Upgrade', '<h1>Down for Maintenance</h1><p>An upgrade is currently in progress.</p>'),
    phpOnly: true,
  },
  licence: { reply: html(200, 'License', '<p>The license key is invalid.</p>'), phpOnly: true },
  php_fatal: { reply: { status: 500, ...NOTHING }, phpOnly: true },
  silent: { reply: { status: 200, ...NOTHING }, phpOnly: true },
}

/** The answer to a path (without query) on a site that is no working WHMCS, and where it redirects; undefined where WHMCS itself
 *  answers. Nothing ever happens behind these. */
export function standIn(
  site: Site,
  { path, basePath, movedTo }: { path: string; basePath: string; movedTo: string },
): { reply: Reply; location?: string } | undefined {
  if (site === 'whmcs') return undefined
  if (site === 'moved') {
    const rest = path.startsWith(basePath) ? path.slice(basePath.length) : path
    return { reply: html(301, 'Moved Permanently', ''), location: `${movedTo}${rest}` }
  }
  if (site === 'not_whmcs') {
    const home = path === '/' || path === `${basePath}/`
    return { reply: home ? html(200, 'Bakery', '<h1>Fresh bread</h1>') : html(404, 'Not Found', '<h1>Not Found</h1>') }
  }
  const { reply, phpOnly } = ANSWERS[site]
  return phpOnly && !/(\.php|\/)$/.test(path) ? undefined : { reply }
}
