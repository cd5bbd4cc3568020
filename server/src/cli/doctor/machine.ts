import { availableParallelism, totalmem } from 'node:os'
import { VERSION } from '../../base/version.ts'
import { about, type Finding } from './finding.ts'

/** TypeScript is run as it is, which older versions cannot. */
const NODE_MAJOR = 24
const MEGABYTE = 1024 * 1024
const MEMORY_MB_MIN = 900

/** This program, its Node and the machine. */
export function checkMachine(): Finding[] {
  const check = about('machine')
  const node = process.versions.node
  const facts = {
    version: VERSION,
    node,
    platform: process.platform,
    architecture: process.arch,
    cpus: availableParallelism(),
    memory_mb: Math.floor(totalmem() / MEGABYTE),
  }
  const what = `Payymo ${VERSION} on Node ${node}, ${facts.platform} ${facts.architecture}, ${facts.cpus} processors, ${facts.memory_mb} MB of memory.`
  if (Number.parseInt(node, 10) < NODE_MAJOR)
    return [
      check.problem(what, `Run it by ./payymo, which brings Node ${NODE_MAJOR}, or install Node ${NODE_MAJOR}.`, facts),
    ]
  if (facts.memory_mb < MEMORY_MB_MIN)
    return [check.warning(what, 'Give it a gigabyte of memory: large statement files need it.', facts)]
  return [check.ok(what, facts)]
}
