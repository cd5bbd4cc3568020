import type { Check } from './check-invariants.ts'

/** Counts checks, names those that failed, and ends a suite with its last line and exit code. */
export interface Tally {
  count(checks: readonly Check[]): void
  end(): void
}

export function createTally(): Tally {
  let passed = 0
  let failed = 0
  return {
    count: (checks) => {
      for (const { name, faults } of checks) {
        if (faults.length === 0) passed += 1
        else {
          failed += 1
          console.log(`  FAILED ${name}`)
          for (const fault of faults) console.log(`    ${fault}`)
        }
      }
    },
    end: () => {
      console.log(`${passed} passed, ${failed} failed`)
      process.exitCode = failed === 0 ? 0 : 1
    },
  }
}
