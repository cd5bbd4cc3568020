import { formatted } from './formatted.ts'
import { type ApiDocument, sdkOperations } from './sdk-document.ts'
import { resourcesFile } from './sdk-resources.ts'
import { typesFile } from './sdk-types.ts'

/** The generated part of the TypeScript SDK, by path, from the text of openapi.json alone. The same document gives the same
 *  bytes. */
export function sdkFiles(openapi: string): Record<string, string> {
  const api = JSON.parse(openapi) as ApiDocument
  const operations = sdkOperations(api)
  return {
    'sdk/typescript/src/generated/types.ts': formatted(typesFile(api, operations), 'ts'),
    'sdk/typescript/src/generated/resources.ts': formatted(resourcesFile(operations), 'ts'),
  }
}
