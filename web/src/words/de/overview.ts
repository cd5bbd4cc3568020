import type { Words } from '../en/index.ts'

export const overview: Words['overview'] = {
  title: 'Überblick',
}
