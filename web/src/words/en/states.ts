export const states = {
  failed: 'This could not be loaded',
  failedText: 'Something went wrong on the way. Try again; if it stays so, tell us the number below.',
  offline: 'The server cannot be reached',
  offlineText: 'Check the connection. What you typed is kept.',
  again: 'Try again',
  loading: 'Loading',
  none: 'Nothing here yet',
  noneFound: 'Nothing fits these filters',
  clear: 'Clear the filters',
  more: 'Loading more',
  news: (count: number, more: boolean) => `${count}${more ? '+' : ''} new`,
  rows: (count: string, capped: boolean) => (count === '1' ? '1 row' : `${count}${capped ? '+' : ''} rows`),
}
