/** Class names in one text; what is not said falls away. */
export const classes = (...names: (string | false | null | undefined)[]): string => names.filter(Boolean).join(' ')
