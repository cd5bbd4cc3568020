import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The pairs of `.env` in `folder`, as config.ts reads them: only outside production. A test holds the two together. */
export function readEnvFile(folder: string, environment: NodeJS.ProcessEnv): Record<string, string> {
  const file = join(folder, '.env')
  if (environment.PAYYMO_ENVIRONMENT === 'production' || !existsSync(file)) return {}
  return Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const parts = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line)
        return parts ? [[parts[1]!, parts[2]!.replace(/^(["'])(.*)\1$/, '$2')] as const] : []
      }),
  )
}
