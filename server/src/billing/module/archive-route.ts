import { z } from 'zod'
import { ok, type Route, tenantRoute } from '../../http/route.ts'
import { buildModuleZip, type ModuleZip } from './module-zip.ts'

const archiveSchema = z
  .object({
    name: z.string().describe('What to call the file.'),
    version: z.string(),
    size: z.int().describe('In bytes.'),
    sha256: z.string().describe('Of the archive, in hex: the same for everyone who has this version.'),
    zip: z.string().describe('The archive itself, in base64. Unpack it in the folder of WHMCS that holds init.php.'),
  })
  .meta({ id: 'WhmcsModuleArchive' })

/** The addon for WHMCS, to be installed there. Built once, from the files this program came with. */
export function archiveRoute(build: () => ModuleZip = buildModuleZip): Route {
  let built: ModuleZip | undefined
  return tenantRoute({
    operationId: 'getWhmcsModule',
    method: 'GET',
    path: '/whmcs-module',
    tag: 'WHMCS',
    summary: 'Get the WHMCS module',
    description:
      'The addon as a ZIP file, in base64 within JSON: `jq -r .zip | base64 -d` unwraps it. It holds the module and nothing of this tenant; it is paired afterwards (POST /whmcs-instances/{id}/pairing-code).',
    permission: 'whmcs_instances:read',
    answers: {
      200: {
        description: 'The archive',
        schema: archiveSchema,
        example: {
          name: 'payymo-whmcs-1.0.0.zip',
          version: '1.0.0',
          size: 61_204,
          sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          zip: 'UEsDBBQAAAAIAAAAIVA=',
        },
      },
    },
    handle: async () => {
      built ??= build()
      const { name, version, bytes, digest } = built
      return ok({ name, version, size: bytes.length, sha256: digest, zip: Buffer.from(bytes).toString('base64') })
    },
  })
}
