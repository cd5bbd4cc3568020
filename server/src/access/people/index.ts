/** People: who works for which tenant, in what role, and how they prove who they are. */
export { ownersOf } from './user-queries.ts'
