import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { dumpSchema } from '../../scripts/dump-schema.ts'
import { createTestDatabase } from './setup/app.ts'

it('schema.sql is the sum of the migrations, the same on the bundled server and on any other', async () => {
  const database = await createTestDatabase()
  const dumped = await dumpSchema(database.pool)
  await database.close()
  expect(dumped).toBe(readFileSync(new URL('../schema.sql', import.meta.url), 'utf8'))
})
