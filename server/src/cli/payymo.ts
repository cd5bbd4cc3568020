import { Command, CommanderError } from 'commander'
import { AppError, UsageError } from '../base/errors.ts'
import { VERSION } from '../base/version.ts'
import { alertsCommand } from './alerts.ts'
import { auditCommand } from './audit.ts'
import { doctorCommand } from './doctor.ts'
import { encryptionCommand } from './encryption.ts'
import { statementCommand } from './inspect-statement.ts'
import { keysCommand } from './keys.ts'
import { migrateCommand } from './migrate.ts'
import { reconcileCommand } from './reconcile.ts'
import { serveCommand } from './serve.ts'
import { tenantsCommand } from './tenants.ts'
import { usersCommand } from './users.ts'

/** Builds the command line; every command is a file of its own. */
export function buildProgram(): Command {
  const program = new Command('payymo')
    .description('Finds the WHMCS invoices that bank payments pay.')
    .version(VERSION, '-V, --version', 'print the version')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
  const commands = [
    reconcileCommand(),
    statementCommand(),
    serveCommand(),
    migrateCommand(),
    doctorCommand(),
    keysCommand(),
    tenantsCommand(),
    usersCommand(),
    auditCommand(),
    alertsCommand(),
    encryptionCommand(),
  ]
  for (const command of commands) program.addCommand(quietly(command))
  return program
}

/** Runs one call of the command line. Returns its exit status: 0, 1 (failed), 2 (usage). */
export async function runProgram(args: string[]): Promise<number> {
  try {
    await buildProgram().parseAsync(args, { from: 'user' })
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
