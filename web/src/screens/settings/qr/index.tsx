import { qrOf } from './matrix.ts'

/** A text as a QR code, dark on light whatever the theme: many readers take nothing else. Nothing when the text is too long. */
export function Qr({ text, label }: { text: string; label: string }) {
  const rows = qrOf(text)
  if (!rows) return null
  // Four modules of quiet around it, as the standard wants.
  const side = rows.length + 8
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      className="size-48 rounded-lg"
    >
      <rect width={side} height={side} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  )
}
