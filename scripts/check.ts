// npm run check: types, lint, format, architecture, generated files, OpenAPI. Ends with one line: N passed, N failed.
import { run } from './run.ts'

const checks: [string, string, string[]][] = [
  ['types', 'node_modules/typescript-native/bin/tsc', ['-p', '.']],
  ['types of the dashboard', 'node_modules/typescript-native/bin/tsc', ['-p', 'web']],
  ['lint', 'node_modules/oxlint/bin/oxlint', ['--type-aware', '.']],
  ['format', 'node_modules/@biomejs/biome/bin/biome', ['format', '.']],
  ['unused code', 'node_modules/knip/bin/knip.js', []],
  ['architecture', 'node_modules/vitest/vitest.mjs', ['run', '--reporter=dot', 'server/test/architecture.test.ts']],
  ['generated files', 'scripts/generate.ts', ['--check']],
  ['API changes', 'scripts/api-changes.ts', []],
  ['SDK', 'node_modules/typescript/bin/tsc', ['-p', 'sdk/typescript/tsconfig.build.json', '--noEmit']],
  ['OpenAPI', 'node_modules/@redocly/cli/bin/cli.js', ['lint', 'openapi.json']],
]
let failed = 0
for (const [name, script, args] of checks) {
  console.log(`— ${name}`)
  const status = await run(script, args, { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' })
  if (status !== 0) {
    failed += 1
    console.log(`✗ ${name}`)
  }
}
console.log(`${checks.length - failed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
