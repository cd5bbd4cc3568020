import { Failed } from '../design/states.tsx'
import { isReachable } from './lazy-screen.ts'

/** In place of a screen that could not be fetched or drawn. The page is loaded anew only once there is a server to load it from. */
export const FailedScreen = ({ error }: { error: unknown }) => (
  <Failed error={error} again={() => void isReachable().then((reachable) => reachable && location.reload())} />
)
