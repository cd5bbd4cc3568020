/** OAuth 2.0: applications of tenants, how people let them in, and the tokens they get (docs/oauth.md). */
import type { Slice } from '../../http/slice.ts'
import { applicationRoutes } from './application-routes.ts'
import { authorizeRoutes } from './authorize-routes.ts'
import type { OAuth } from './deps.ts'
import { oauthSweep } from './sweep.ts'
import { tokenRoutes } from './token-routes.ts'

export { oauthTokens } from './oauth-tokens.ts'

/** Applications under /api, the protocol and its pages outside it. */
export function oauthSlice(oauth: OAuth): Slice {
  return {
    routes: [...applicationRoutes(oauth), ...tokenRoutes(oauth), ...authorizeRoutes(oauth)],
    sweeps: [oauthSweep(oauth)],
  }
}
