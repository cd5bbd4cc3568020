// npm run module:zip: dist/payymo-whmcs-<version>.zip, the very archive that the dashboard hands out, and its SHA-256.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildModuleZip } from '../server/src/billing/module/module-zip.ts'
import { root } from './run.ts'

const { name, bytes, digest } = buildModuleZip()
mkdirSync(join(root, 'dist'), { recursive: true })
writeFileSync(join(root, 'dist', name), bytes)
console.log(`${digest}  dist/${name}`)
