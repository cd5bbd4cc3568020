import { Command, InvalidArgumentError, Option } from 'commander'
import { listNewestAuditEvents, verifyTrail } from '../access/index.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { limitOf, ofTenant, type OfTenant, say, tenantCommand } from './of-tenant.ts'
import { textTable } from './text-table.ts'

const OPERATOR_TOO = { operatorToo: true }

/** `payymo audit list/verify`: the audit trail of a tenant, and of the operator, which no route shows. */
export function auditCommand(): Command {
  const audit = new Command('audit').description('Read and check the audit trail of a tenant or of the operator.')
  tenantCommand(audit, 'list', 'List who did what, when and from where; the newest first.', OPERATOR_TOO)
    .addOption(new Option('--limit <rows>', 'how many, at most 1000').default(50).argParser(limitOf))
    .addOption(new Option('--before <sequence>', 'only rows before this one').argParser(sequenceOf))
    .action(async (options: OfTenant & { limit: number; before?: number }) => {
      const { limit, before } = options
      await ofTenant(
        options.tenant,
        async ({ store }, tenantId) => {
          const rows = await store.read(tenantId, (tx) => listNewestAuditEvents(tx, { limit, before }))
          const table = [
            ['row', 'at', 'who', 'action', 'what', 'from'],
            ...rows.map((row) => [
              String(row.sequence),
              row.at,
              row.actor.name,
              row.action,
              `${row.resource.type} ${row.resource.id}`,
              row.ip ?? '',
            ]),
          ]
          say(options.json, rows, textTable(table).trimEnd())
        },
        OPERATOR_TOO,
      )
    })
  tenantCommand(
    audit,
    'verify',
    'Check that no row was changed or removed. Status 1 when one was. About ten seconds per million rows.',
    OPERATOR_TOO,
  ).action(async (options: OfTenant) => {
    await ofTenant(
      options.tenant,
      async ({ store, config }, tenantId) => {
        const deps = { store, dataDir: config.dataDir, clock: systemClock, log: silentLog }
        const { valid, checked, firstBroken, outside } = await verifyTrail(deps, tenantId)
        const kept = outside === undefined ? null : Number(outside.sequence)
        const answer = { valid, checked, first_broken: firstBroken, kept_outside: kept }
        const rest =
          kept === null ? 'The data folder holds no head of it.' : `It runs through row ${kept}, kept outside.`
        say(
          options.json,
          answer,
          valid
            ? `Whole: ${checked} rows. ${rest}`
            : `Broken at row ${firstBroken}; ${checked} rows follow from the first on. Keep the database as it is, and find out who could write to it.`,
        )
        if (!valid) process.exitCode = 1
      },
      OPERATOR_TOO,
    )
  })
  return audit
}

function sequenceOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number.parseInt(text, 10)
  throw new InvalidArgumentError('It must be the number of a row.')
}
