import type { People, PeopleDeps } from '../people/deps.ts'
import { createGate } from '../people/gate.ts'
import { createPasswords } from '../people/passwords.ts'

/** What OAuth needs of the rest of the program: all that people need, since they sign in on its pages. With people's own
 *  `passwords` and `admit` the two together let in as many at once as one may. */
export type OAuthDeps = PeopleDeps & Partial<Pick<People, 'passwords' | 'admit'>>

/** The same, with what the slice makes for itself. */
export type OAuth = People

/** As people have it. */
const AT_ONCE = 4
const WAITING = 30

export const oauthOf = (deps: OAuthDeps): OAuth => ({
  ...deps,
  passwords: deps.passwords ?? createPasswords(deps.pepper),
  admit: deps.admit ?? createGate(AT_ONCE, WAITING),
})
