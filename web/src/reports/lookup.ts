/** A lookup code as it is said and read: three digits at a time. */
export const inThrees = (code: string): string => code.replace(/(\d{3})(?=\d)/g, '$1 ')
