import type { PeopleDeps, People } from '../people/deps.ts'
import { createPasswords, type Passwords } from '../people/passwords.ts'

/** What OAuth needs of the rest of the program: all that people need, since they sign in on its pages. */
export type OAuthDeps = PeopleDeps & {
  /** The same as people's, so that the two together hash no more passwords at once than one may. */
  passwords?: Passwords
}

/** The same, with what the slice makes for itself. */
export type OAuth = People

export const oauthOf = (deps: OAuthDeps): OAuth => ({
  ...deps,
  passwords: deps.passwords ?? createPasswords(deps.pepper),
})
