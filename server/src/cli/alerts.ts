import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { closeByPerson, listNewestAlerts } from '../alerts/index.ts'
import { type Id, isId } from '../base/ids.ts'
import { presentAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import { limitOf, ofTenant, type OfTenant, say, tenantCommand } from './of-tenant.ts'
import { textTable } from './text-table.ts'

const ACTOR = systemActor('command line')
const OPERATOR_TOO = { operatorToo: true }

/** `payymo alerts list/close`: what a person must look at, of a tenant, and of the operator, whose alerts no route shows. */
export function alertsCommand(): Command {
  const alerts = new Command('alerts').description('List and close the alerts of a tenant or of the operator.')
  tenantCommand(alerts, 'list', 'List what is open; the newest first.', OPERATOR_TOO)
    .option('--all', 'also what is closed')
    .addOption(new Option('--limit <rows>', 'how many, at most 1000').default(50).argParser(limitOf))
    .action(async (options: OfTenant & { all?: boolean; limit: number }) => {
      const wanted = { limit: options.limit, closedToo: options.all === true }
      await ofTenant(
        options.tenant,
        async ({ store }, tenantId) => {
          const list = (await store.read(tenantId, (tx) => listNewestAlerts(tx, wanted))).map(presentAlert)
          const table = [
            ['id', 'severity', 'code', 'opened', 'closed', 'message'],
            ...list.map((one) => [one.id, one.severity, one.code, one.opened_at, one.closed_at ?? '', one.message]),
          ]
          say(options.json, list, list.length === 0 ? 'Nothing to look at.' : textTable(table).trimEnd())
        },
        OPERATOR_TOO,
      )
    })
  tenantCommand(
    alerts,
    'close',
    'Say that somebody has seen to an alert. Noticed again, it is a new one.',
    OPERATOR_TOO,
  )
    .addArgument(new Argument('<id>', 'the id of the alert (alr_…)').argParser(alertIdOf))
    .action(async (id: Id<'alr'>, options: OfTenant) => {
      await ofTenant(
        options.tenant,
        async ({ store }, tenantId) => {
          const alert = await closeByPerson(store, tenantId, ACTOR, id)
          say(options.json, presentAlert(alert), `Closed ${alert.id}: ${alert.message}`)
        },
        OPERATOR_TOO,
      )
    })
  return alerts
}

function alertIdOf(text: string): Id<'alr'> {
  if (isId('alr', text)) return text
  throw new InvalidArgumentError('It is not the id of an alert; payymo alerts list shows them.')
}
