import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type StaticFile, staticFile } from '../http/static-file.ts'

export interface BuiltDashboard {
  page: StaticFile
  icon: StaticFile
  /** By name; each carries a digest of its content, so it may be kept for ever. */
  assets: ReadonlyMap<string, StaticFile>
}

/** Reads what `npm run build` made; undefined where nothing was built. What is not listed here does not exist. */
export function readDashboard(folder: string): BuiltDashboard | undefined {
  const file = (name: string, under = folder) => staticFile(name, readFileSync(join(under, name)))
  try {
    const below = join(folder, 'assets')
    const assets = readdirSync(below).map((name) => file(name, below))
    return {
      page: file('index.html'),
      icon: file('icon.svg'),
      assets: new Map(assets.map((asset) => [asset.name, asset])),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
