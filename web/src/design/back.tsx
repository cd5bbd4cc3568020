import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'

/** The look of a way back to a list; `children` is its name. The link itself is the screen's. */
export const BACK = 'inline-flex min-h-6 items-center gap-1.5 text-soft hover:text-text'

export const BackText = ({ children }: { children: ReactNode }) => (
  <>
    <ArrowLeft aria-hidden className="size-4" />
    {children}
  </>
)
