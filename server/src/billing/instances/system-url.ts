/** The address of a WHMCS installation, as typed and as it counts. */
export interface SystemUrl {
  /** Scheme, host, sub-path; no query, no trailing slash, no `includes/api.php`. */
  systemUrl: string
  /** The same for every way of writing the address of one installation: no scheme, no `www.`, no trailing dot or slash. */
  installation: string
}

/** Reads what people paste: the address bar of the client or admin area as well as the bare system URL. Undefined when it is
 *  no web address, or one with a user name, a query or a fragment. */
export function readSystemUrl(text: string): SystemUrl | undefined {
  const url = URL.parse(text.trim())
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.hostname === '') return undefined
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined
  const path = plainPath(url.pathname)
  if (path === undefined) return undefined
  const host = url.hostname.replace(/\.$/, '')
  const port = url.port === '' ? '' : `:${url.port}`
  return {
    systemUrl: `${url.protocol}//${host}${port}${path}`,
    installation: `${host.replace(/^www\./, '')}${port}${path}`,
  }
}

/** One spelling of a path: escapes only where needed, no empty segments, no file at its end. */
function plainPath(pathname: string): string | undefined {
  try {
    const segments = pathname.split('/').filter((segment) => segment !== '')
    const plain = segments.map((segment) => encodeURIComponent(decodeURIComponent(segment)))
    const bare = plain.join('/').replace(/(^|\/)(includes\/api\.php|index\.php|clientarea\.php)$/, '')
    return bare === '' ? '' : `/${bare}`
  } catch {
    return undefined
  }
}
