import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './run.ts'

/** The text as the formatter leaves it, so that the check of formats and the check of generated files agree. `ending`: `ts`,
 *  `json`. */
export function formatted(source: string, ending: string): string {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=generated.${ending}`], {
    cwd: root,
    input: source,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
}
