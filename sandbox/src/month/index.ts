export { buildMonth, type LineTruth, type Month } from './month.ts'
