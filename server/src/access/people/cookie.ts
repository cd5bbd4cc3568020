/** Where browsers reach us decides what the cookie is called and whether it needs https (reliability 39). `__Host-` binds it
 *  to this very host, over https, for every path. Plain http is for machines of developers only. */
const cookieName = (publicUrl: string): string => (isHttps(publicUrl) ? '__Host-payymo' : 'payymo_session')

const isHttps = (publicUrl: string): boolean => publicUrl.startsWith('https://')

/** The session id of a Cookie header. Two cookies of the name are none: one of them is somebody else's. */
export function readCookie(header: string | undefined, publicUrl: string): string | undefined {
  const name = cookieName(publicUrl)
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([given]) => given === name)
    .map(([, value]) => value)
  return values.length === 1 && /^[A-Za-z0-9_-]{43}$/.test(values[0] ?? '') ? values[0] : undefined
}

/** Lives as long as the browser: how long the session lives is the server's business. */
export const writeCookie = (sessionId: string, publicUrl: string): string =>
  `${cookieName(publicUrl)}=${sessionId}; Path=/; HttpOnly; SameSite=Lax${isHttps(publicUrl) ? '; Secure' : ''}`

export const clearCookie = (publicUrl: string): string => `${writeCookie('', publicUrl)}; Max-Age=0`
