import { existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command } from 'commander'
import { UsageError } from '../base/errors.ts'
import { progressOn } from './progress.ts'

interface DoctorOptions {
  live?: boolean
  tenant?: string
  json?: boolean
  out?: string
}

/** How long what still hangs may keep the process after everything was said. */
const LINGER_MS = 1_000

/** `payymo doctor`: what stands in the way of this installation, and what to do. Status 1 when there is a problem. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check settings, data folder, database, keys, queue, mail and providers, and say what to do.')
    .option(
      '--live',
      'also call the providers with your own credentials, read-only; the calls count against their quotas',
    )
    .option(
      '--tenant <slug or id>',
      'show the alerts of this tenant only; with --live test its WHMCS installations too',
    )
    .option('--json', 'as JSON')
    .option('--out <file>', 'write a report without secrets, addresses and names that you can send; it must not exist')
    .addHelpText(
      'after',
      `
Works beside a running Payymo and without one, and takes at most a minute. It changes nothing; only a test of WHMCS is written
into the tenant's audit trail. Without --live nothing is called but the database, Redis and mail server of the settings.
Status: 0 no problem, 1 a problem, 2 wrong use.`,
    )
    .action(async (options: DoctorOptions, command: Command) => {
      const file = options.out === undefined ? undefined : resolve(options.out)
      const fault = file === undefined ? undefined : faultOf(file)
      if (fault !== undefined) command.error(`error: ${fault}`, { exitCode: 2 })
      const progress = progressOn(process.stderr)
      progress.say('looking at settings, database, mail and providers')
      // Loaded only here: other commands do without it.
      const [{ examine }, { asJson, asReport, asText, summaryOf }] = await Promise.all([
        import('./doctor/examine.ts'),
        import('./doctor/present.ts'),
      ])
      const findings = await examine({
        environment: process.env,
        folder: process.cwd(),
        live: options.live === true,
        tenant: options.tenant,
      })
      progress.done()
      const at = new Date()
      process.stdout.write(options.json ? `${JSON.stringify(asJson(findings, at))}\n` : asText(findings))
      if (file !== undefined) write(file, asReport(findings, at), options.json === true)
      if (summaryOf(findings).problems > 0) process.exitCode = 1
      // What did not answer may not let go of its connection either: it keeps nobody waiting.
      if (findings.some(({ facts }) => facts.code === 'timeout')) setTimeout(() => process.exit(), LINGER_MS).unref()
    })
}

function faultOf(file: string): string | undefined {
  if (existsSync(file)) return `${file} exists already. Name another file, or remove it.`
  if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory())
    return `${dirname(file)} is no folder. Name a file in one that is there.`
  return undefined
}

function write(file: string, report: string, quiet: boolean): void {
  try {
    writeFileSync(file, report, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw new UsageError(`${file} could not be written (${(error as NodeJS.ErrnoException).code}).`, { cause: error })
  }
  if (!quiet) process.stdout.write(`The report is in ${file}. Read it before you send it.\n`)
}
