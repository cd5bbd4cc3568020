import { z } from 'zod'

/** An e-mail address as somebody typed it. The part before the @ is ours to keep as written. */
export const emailSchema = z
  .email('Must be an e-mail address such as ada@example.com')
  .max(254, 'Must have at most 254 characters')
  .meta({ examples: ['ada@example.com'] })

/** What makes two addresses one. Addresses are ASCII, so that lower case means the same everywhere and no look-alike letter
 *  ever becomes another's. */
export const emailKey = (email: string): string => email.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
