/** Light, dark, or as the system says; kept on this browser, and set before anything is drawn. */
export type Theme = 'light' | 'dark' | 'system'

const KEY = 'payymo.theme'

export const readTheme = (): Theme => {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  show(theme)
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

show(readTheme())
