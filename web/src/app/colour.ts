/** Black or white, whichever has more contrast on the colour. */
export const readableOn = (colour: string): '#000000' | '#ffffff' =>
  (contrastOf(colour, '#000000') ?? 0) > (contrastOf(colour, '#ffffff') ?? 1) ? '#000000' : '#ffffff'

/** How far two colours stand apart, from 1 to 21; undefined when one is none. Source: WCAG 2.2, contrast ratio. */
export function contrastOf(one: string, other: string): number | undefined {
  const [a, b] = [luminanceOf(one), luminanceOf(other)]
  return a === undefined || b === undefined ? undefined : (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Source: WCAG 2.2, relative luminance. */
function luminanceOf(colour: string): number | undefined {
  const digits = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  if (!digits) return undefined
  const [red, green, blue] = digits.slice(1).map((pair) => {
    const share = Number.parseInt(pair, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
