// Style and script of the pages, by the names that the build gave them.
import { existsSync, readFileSync } from 'node:fs'

const MANIFEST = new URL('../../../web/dist/.vite/manifest.json', import.meta.url)
const ENTRY = 'src/opendata/page.ts'

interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
}

export interface Assets {
  script: string | null
  styles: string[]
}

let found: Assets | undefined

/** Addresses of the script and the styles; none before the portal is built. */
export function assetsOfPage(): Assets {
  if (found) return found
  if (!existsSync(MANIFEST)) return { script: null, styles: [] }
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(MANIFEST, 'utf8'))
  const styles = new Set<string>()
  const collect = (name: string): void => {
    const chunk = manifest[name]
    for (const file of chunk?.css ?? []) styles.add(`/${file}`)
    for (const next of chunk?.imports ?? []) collect(next)
  }
  collect(ENTRY)
  const entry = manifest[ENTRY]
  return (found = { script: entry ? `/${entry.file}` : null, styles: [...styles] })
}
