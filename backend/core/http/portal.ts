// The page of the portal, as it was built.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Folder of the built portal. */
export const PORTAL = fileURLToPath(new URL('../../../web/dist/', import.meta.url))

let page: string | undefined

/** The page with other words in its head; undefined: the portal is not built. head: HTML that takes the place of the title. */
export function portalPage(language: string, head: string): string | undefined {
  if (page === undefined && existsSync(`${PORTAL}index.html`)) page = readFileSync(`${PORTAL}index.html`, 'utf8')
  // As functions: a $ in a name is a name.
  return page
    ?.replace('<html lang="el">', () => `<html lang="${language}">`)
    .replace(/<title>.*?<\/title>/s, () => head)
}
