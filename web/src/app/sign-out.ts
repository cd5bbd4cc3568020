import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from './session.ts'

/** Ends the session, forgets what was read, and goes to the door. */
export function useSignOut(): () => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return () =>
    void signOut().finally(() => {
      client.clear()
      void navigate({ to: '/sign-in' })
    })
}
