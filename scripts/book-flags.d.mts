export function bookFlags(heapMb?: number): string[]
