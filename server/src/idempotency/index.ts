export { createIdempotency, type Idempotency } from './once.ts'
export { idempotencySlice } from './sweep.ts'
