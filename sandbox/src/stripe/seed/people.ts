import type { Dice } from '../ledger/dice.ts'

export interface Payer {
  clientId: string
  name: string
  email: string
}

const FIRST =
  'Anna Jonas Katrin Stefan Miriam Sanne Daan Camille Julien Giulia Marco Marta Sergio Harriet Callum Reto Yuki Ren'
const LAST =
  'Lindner Seidel Vogt Bakker Visser Moreau Garnier Ferrari Colombo Navarro Castro Ashdown Pemberton Caduff Sato Ito'

/** So many clients of a hosting company. Names repeat, mail addresses do not. */
export function makePayers(count: number, dice: Dice): Payer[] {
  return Array.from({ length: count }, (_, n) => {
    const [first, last] = [dice.pick(FIRST.split(' ')), dice.pick(LAST.split(' '))]
    return {
      clientId: String(101 + n),
      name: `${first} ${last}`,
      email: `${first}.${last}.${101 + n}@client.example`.toLowerCase(),
    }
  })
}
