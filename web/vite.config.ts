import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Static files that the server serves under a policy without `unsafe-inline`: no inline scripts, no data: scripts. */
export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['payymo-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: {
    // `npm run dev` beside it serves the API.
    proxy: Object.fromEntries(
      ['/api', '/auth', '/oauth', '/callbacks'].map((path) => [path, { target: 'http://127.0.0.1:8080' }]),
    ),
  },
})
