// Words of the European vocabularies for what our layers are.
import type { Frequency, Layer, LayerRole } from '../../layers/contract.ts'

const AUTHORITY = 'http://publications.europa.eu/resource/authority'
export const authority = (list: string, code: string): string => `${AUTHORITY}/${list}/${code}`

/** By SPDX identifier. */
const LICENCE: Record<string, string> = {
  'CC-BY-4.0': 'CC_BY_4_0',
  'CC-BY-SA-4.0': 'CC_BYSA_4_0',
  'CC0-1.0': 'CC0',
  'ODC-By-1.0': 'ODC_BY',
  'ODbL-1.0': 'ODC_BL',
  'PDDL-1.0': 'ODC_PDDL',
}

/** Address of a licence: the European one, else that of SPDX. */
export const licenceUri = (spdx: string): string =>
  LICENCE[spdx] ? authority('licence', LICENCE[spdx]) : `https://spdx.org/licenses/${encodeURIComponent(spdx)}`

const DATA_THEME: Record<Layer['theme'], string> = {
  administration: 'GOVE',
  planning: 'REGI',
  education: 'EDUC',
  places: 'REGI',
  networks: 'TRAN',
  works: 'REGI',
  basemap: 'REGI',
  other: 'GOVE',
}
export const dataTheme = (theme: Layer['theme']): string => authority('data-theme', DATA_THEME[theme])

const FREQUENCY: Record<Frequency, string> = {
  continuous: 'CONT',
  daily: 'DAILY',
  weekly: 'WEEKLY',
  monthly: 'MONTHLY',
  quarterly: 'QUARTERLY',
  half_yearly: 'ANNUAL_2',
  yearly: 'ANNUAL',
  irregular: 'IRREG',
  never: 'NEVER',
}
export const frequency = (rhythm: Frequency): string => authority('frequency', FREQUENCY[rhythm])

const inspire = (code: string) => `http://inspire.ec.europa.eu/theme/${code}`

/** Themes of the INSPIRE directive, where a role is one: administrative units, addresses, transport networks, land use. */
const INSPIRE: Partial<Record<LayerRole, string>> = {
  boundary: 'au',
  municipal_unit: 'au',
  address: 'ad',
  street: 'tn',
  planning: 'lu',
}
export const inspireTheme = (role: LayerRole): string | null => {
  const code = INSPIRE[role]
  return code ? inspire(code) : null
}

/** Implementing Regulation (EU) 2023/138: data of high value. */
export const HVD_LAW = 'http://data.europa.eu/eli/reg_impl/2023/138/oj'
const GEOSPATIAL = 'http://data.europa.eu/bna/c_ac64a52d'
const MOBILITY = 'http://data.europa.eu/bna/c_b79e35eb'

/** What its annex names: administrative units and addresses (1.1), transport networks (6.1). */
const HVD: Partial<Record<LayerRole, string>> = {
  boundary: GEOSPATIAL,
  municipal_unit: GEOSPATIAL,
  address: GEOSPATIAL,
  street: MOBILITY,
}
/** It asks for CC BY 4.0 or a freer licence (article 4). */
const FREE = new Set(['CC-BY-4.0', 'CC0-1.0', 'PDDL-1.0', 'ODC-By-1.0'])

/** Category of high value, or null. */
export const hvdCategory = (role: LayerRole, licence: string): string | null => (FREE.has(licence) && HVD[role]) || null
