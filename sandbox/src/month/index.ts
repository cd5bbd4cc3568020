export { merchantOf } from './cards.ts'
export type { LineTruth } from './lines.ts'
export { buildMonth, type Month } from './month.ts'
