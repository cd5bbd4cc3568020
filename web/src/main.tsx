import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './app/api.ts'
import { createAppRouter } from './app/router.tsx'
import { Speaking } from './app/words.tsx'
import './app/theme.ts'
import './design/theme.css'

const client = createQueryClient(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  client.removeQueries({ queryKey: ['session'] })
  void router.navigate({ to: '/sign-in', search: { back: href, expired: true } })
})
const router = createAppRouter(client)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Speaking>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Speaking>
  </StrictMode>,
)
