import { Command, CommanderError } from 'commander'
import { AppError, UsageError } from '../base/errors.ts'
import { VERSION } from '../base/version.ts'

/** Every command is a file of its own, and only the one that is called for is loaded: the file commands start without the server. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  reconcile: async () => (await import('./reconcile.ts')).reconcileCommand(),
  statement: async () => (await import('./inspect-statement.ts')).statementCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  keys: async () => (await import('./keys.ts')).keysCommand(),
  tenants: async () => (await import('./tenants.ts')).tenantsCommand(),
  users: async () => (await import('./users.ts')).usersCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  alerts: async () => (await import('./alerts.ts')).alertsCommand(),
  encryption: async () => (await import('./encryption.ts')).encryptionCommand(),
}

/** Builds the command line for a call: with the command that the first word names, or with all of them. */
export async function buildProgram([first = '']: readonly string[] = []): Promise<Command> {
  const program = new Command('payymo')
    .description('Finds the WHMCS invoices that bank payments pay.')
    .version(VERSION, '-V, --version', 'print the version')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
  const load = Object.hasOwn(COMMANDS, first) ? [COMMANDS[first]!] : Object.values(COMMANDS)
  for (const one of load) program.addCommand(quietly(await one()))
  return program
}

/** Runs one call of the command line. Returns its exit status: 0, 1 (failed), 2 (usage). */
export async function runProgram(args: string[]): Promise<number> {
  try {
    const program = await buildProgram(args)
    await program.parseAsync(args, { from: 'user' })
    return process.exitCode === undefined ? 0 : Number(process.exitCode)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof AppError || error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`)
      return 1
    }
    throw error
  }
}

/** Faults of usage throw instead of ending the process, in every command below. */
function quietly(command: Command): Command {
  command.exitOverride().showHelpAfterError('(add --help for the options)')
  for (const child of command.commands) quietly(child)
  return command
}

if (import.meta.main) {
  // A reader that has seen enough (`| head`) closes the pipe: that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  process.exitCode = await runProgram(process.argv.slice(2))
}
