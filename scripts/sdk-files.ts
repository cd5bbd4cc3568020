import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './run.ts'
import { type ApiDocument, sdkOperations } from './sdk-document.ts'
import { resourcesFile } from './sdk-resources.ts'
import { typesFile } from './sdk-types.ts'

/** The generated part of the TypeScript SDK, by path, from the text of openapi.json alone. The same document gives the same
 *  bytes. */
export function sdkFiles(openapi: string): Record<string, string> {
  const api = JSON.parse(openapi) as ApiDocument
  const operations = sdkOperations(api)
  return {
    'sdk/typescript/src/generated/types.ts': formatted(typesFile(api, operations)),
    'sdk/typescript/src/generated/resources.ts': formatted(resourcesFile(operations)),
  }
}

/** As the formatter leaves it, so that the check of formats and the check of generated files agree. */
function formatted(source: string): string {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path=generated.ts'], {
    cwd: root,
    input: source,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
}
