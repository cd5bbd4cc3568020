import { useWords } from '../../app/words.tsx'
import { Page } from '../../design/page.tsx'

export function Overview() {
  const words = useWords()
  return <Page title={words.overview.title}>{null}</Page>
}
