/** Colours of the basemap: muted, so that what matters is the data on it. */
export interface Palette {
  water: string
  land: string
  green: string
  beach: string
  block: string
  building: string
  buildingLine: string
  street: string
  casing: string
  main: string
  text: string
  halo: string
  quiet: string
  accent: string
}

const light: Palette = {
  water: '#c3dbe8',
  land: '#f3f1ec',
  green: '#d5e5cd',
  beach: '#f2e7c9',
  block: '#ebe8e1',
  building: '#d9d4ca',
  buildingLine: '#c2bbae',
  street: '#ffffff',
  casing: '#d6d1c7',
  main: '#fdf3d8',
  text: '#3b4650',
  halo: '#ffffff',
  quiet: '#6a747c',
  accent: '#0b5c8f',
}
const dark: Palette = {
  water: '#0f1b24',
  land: '#1c2329',
  green: '#1f2e26',
  beach: '#322d20',
  block: '#222a31',
  building: '#313b44',
  buildingLine: '#3e4a55',
  street: '#3a444d',
  casing: '#14191d',
  main: '#4b4a3f',
  text: '#d3dce2',
  halo: '#14191d',
  quiet: '#92a0aa',
  accent: '#6cb8e6',
}

export const isDark = (): boolean => matchMedia('(prefers-color-scheme: dark)').matches

export const palette = (): Palette => (isDark() ? dark : light)
