/** What the README of the open development set publishes of other matchers (its sections "Numbers to beat" and "Classes"). Copied
 *  figure by figure; percentages as there. */
export interface Baseline {
  name: string
  /** Invoices applied rightly, % of decidable. */
  coverage: number
  /** Null where nothing was applied. */
  precision: number | null
  wrong: number
  applied: number
  /** Applied with nothing due, in 10,000. */
  nothingDue: number
  /** The true set proposed first, and among the first three. */
  first: number
  three: number
  /** Ambiguous lines that were not applied. */
  refused: number
  calibrationError: number
}

/** By set. */
export const BASELINES: Record<string, Baseline[]> = {
  medium: [
    {
      name: 'naive',
      coverage: 3.6,
      precision: 97.91,
      wrong: 12,
      applied: 574,
      nothingDue: 20,
      first: 34.3,
      three: 43.3,
      refused: 100.0,
      calibrationError: 0.322,
    },
    {
      name: 'naive-wide',
      coverage: 25.1,
      precision: 94.06,
      wrong: 247,
      applied: 4157,
      nothingDue: 367,
      first: 62.2,
      three: 67.5,
      refused: 96.2,
      calibrationError: 0.226,
    },
    {
      name: 'number',
      coverage: 23.2,
      precision: 95.93,
      wrong: 154,
      applied: 3782,
      nothingDue: 225,
      first: 34.0,
      three: 34.0,
      refused: 96.4,
      calibrationError: 0.016,
    },
    {
      name: 'ladder',
      coverage: 63.8,
      precision: 85.42,
      wrong: 1755,
      applied: 12037,
      nothingDue: 816,
      first: 78.0,
      three: 85.1,
      refused: 54.1,
      calibrationError: 0.213,
    },
    {
      name: 'ladder-opt',
      coverage: 62.8,
      precision: 86.64,
      wrong: 1561,
      applied: 11686,
      nothingDue: 629,
      first: 77.6,
      three: 85.1,
      refused: 55.3,
      calibrationError: 0.194,
    },
    {
      name: 'ladder-gate',
      coverage: 2.2,
      precision: 73.61,
      wrong: 128,
      applied: 485,
      nothingDue: 2,
      first: 77.6,
      three: 85.1,
      refused: 98.1,
      calibrationError: 0.194,
    },
  ],
  small: [
    {
      name: 'naive',
      coverage: 0.0,
      precision: null,
      wrong: 0,
      applied: 0,
      nothingDue: 0,
      first: 33.7,
      three: 46.9,
      refused: 100.0,
      calibrationError: 0.263,
    },
    {
      name: 'naive-wide',
      coverage: 25.5,
      precision: 96.04,
      wrong: 8,
      applied: 202,
      nothingDue: 164,
      first: 65.6,
      three: 71.8,
      refused: 92.6,
      calibrationError: 0.174,
    },
    {
      name: 'number',
      coverage: 26.6,
      precision: 98.54,
      wrong: 3,
      applied: 205,
      nothingDue: 41,
      first: 35.7,
      three: 35.7,
      refused: 92.6,
      calibrationError: 0.059,
    },
    {
      name: 'ladder',
      coverage: 68.4,
      precision: 88.33,
      wrong: 70,
      applied: 600,
      nothingDue: 492,
      first: 80.3,
      three: 86.8,
      refused: 33.3,
      calibrationError: 0.141,
    },
    {
      name: 'ladder-opt',
      coverage: 67.8,
      precision: 88.53,
      wrong: 68,
      applied: 593,
      nothingDue: 410,
      first: 80.3,
      three: 86.8,
      refused: 33.3,
      calibrationError: 0.122,
    },
    {
      name: 'ladder-gate',
      coverage: 3.8,
      precision: 68.09,
      wrong: 15,
      applied: 47,
      nothingDue: 0,
      first: 80.3,
      three: 86.8,
      refused: 85.2,
      calibrationError: 0.122,
    },
  ],
}

/** Of the lines of the hostile set that pay nothing, how many were applied. */
export const HOSTILE_APPLIED: { name: string; applied: number; of: number }[] = [
  { name: 'naive', applied: 4, of: 1776 },
  { name: 'naive-wide', applied: 840, of: 1776 },
  { name: 'number', applied: 188, of: 1776 },
  { name: 'ladder', applied: 818, of: 1776 },
  { name: 'ladder-opt', applied: 740, of: 1776 },
  { name: 'ladder-gate', applied: 0, of: 1776 },
]

/** `ladder-opt` by class of the medium set: coverage and precision, null where the README has none. */
export const LADDER_OPT_BY_CLASS: Record<number, { coverage: number | null; precision: number | null }> = {
  1: { coverage: 94.2, precision: 98.8 },
  2: { coverage: 94.3, precision: 99.6 },
  3: { coverage: 84.0, precision: 87.6 },
  4: { coverage: 91.4, precision: 97.7 },
  5: { coverage: 90.8, precision: 98.4 },
  6: { coverage: 85.6, precision: 90.5 },
  7: { coverage: 67.4, precision: 60.2 },
  8: { coverage: 40.3, precision: 43.6 },
  9: { coverage: 17.7, precision: 89.3 },
  10: { coverage: 1.2, precision: 0.0 },
  11: { coverage: 33.8, precision: 97.7 },
  12: { coverage: 37.4, precision: 34.8 },
  13: { coverage: null, precision: 0.0 },
}
