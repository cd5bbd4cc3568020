import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // From its source, as the dashboard's build takes it: nothing needs to be built before a test.
  resolve: { alias: { '@payymo/sdk': fileURLToPath(new URL('./sdk/typescript/src/index.ts', import.meta.url)) } },
  test: {
    include: [
      'server/src/**/*.test.ts',
      'server/test/**/*.test.ts',
      'sandbox/**/*.test.ts',
      'scripts/**/*.test.ts',
      'sdk/**/*.test.ts',
      'web/src/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'server/test/prove/**'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ['server/test/setup/database.ts'],
    setupFiles: ['server/test/setup/properties.ts'],
  },
})
