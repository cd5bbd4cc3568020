import { Command } from 'commander'
import { createLog } from '../base/log.ts'
import { readConfig } from '../config.ts'
import { migrate } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { checkDatabase } from '../database/self-check.ts'

/** `payymo migrate`: brings the database to this version, and checks that it is set up safely. */
export const migrateCommand = (): Command =>
  new Command('migrate').description('Bring the database to this version and check it.').action(async () => {
    const { dataDir, databaseUrl, logLevel } = readConfig()
    const database = await openDatabase({ dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
    try {
      const applied = await migrate(database.pool)
      await checkDatabase(database.pool)
      createLog(logLevel).info('migrated', { migrations: applied })
      process.stdout.write(
        applied.length === 0 ? 'The database is at this version.\n' : `Applied ${applied.join(', ')}.\n`,
      )
    } finally {
      await database.close()
    }
  })
