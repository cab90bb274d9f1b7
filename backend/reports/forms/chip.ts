// Numbers of the microchips of animals: ISO 11784 says what they hold, ISO 11785 how they are read.
import { z } from 'zod'

/** Three digits of a country (ISO 3166-1) or a manufacturer; 999 is for trials (ISO 11784, table 1). */
const TRIAL = 999
/** The other twelve are a number of 38 bits. */
const LARGEST = 2 ** 38 - 1

function isChip(digits: string): boolean {
  const [, issuer, number] = /^(\d{3})(\d{12})$/.exec(digits) ?? []
  return Number(issuer) > 0 && Number(issuer) < TRIAL && Number(number) <= LARGEST
}

/** As people copy it from the papers, in groups too; kept as fifteen digits. */
export const ChipNumber = z
  .string()
  .transform((given) => given.replace(/[\s.-]/g, ''))
  .refine(isChip, { params: { text: 'answer.chip' } })
