// The page finds categories with latinKey(), the database finds addresses with latin_key(): a word must have one key.
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { readOrganisation } from '../../backend/tools/city.ts'
import { latinKey } from '../../web/src/core/fold.ts'
import { world } from '../support/world.ts'

const CITY = new URL('../../gis-data/demo-city/', import.meta.url)

// Modern Greek: of polytonic and foreign accents (ὁδός, café) only the page's twin knows.
const TRICKY = [
  'πρόβλημα ΠΡΌΒΛΗΜΑ provlima problhma',
  'ΛΑΚΚΟΎΒΑ λακκούβα Λακκουβα lakkouva lakouba',
  'ευχή αυγό αύριο εύκολα Αύγουστος ΑΥΓΟΎΣΤΟΥ efxi eyxh avgo',
  'γκαράζ άγχος άγγελος αγκαλιά garaz gkaraz aggelos agchos',
  'Ξάνθη ξύλο ψάρι ψηλός ΨΗΛΌΣ θέα Θήβα xanthi psari psilos thea 8ea',
  'προϊόν ΠΡΟΪΌΝ Μαΐου ΜΑΪΟΥ πραΰνω πραϋντικό',
  'μπάλα ντομάτα Αντώνης ΑΜΠΕΛΏΝΑΣ bala mpala ntomata',
  'είδα οικία υιός αίμα ουρανός ΟΥΡΑΝΌΣ',
  'Οδυσσέας ΟΔΥΣΣΈΑΣ σοφός ΣΟΦΌΣ τις',
  'skoupidia stin Ερμού, ermoy 12Α',
  'φωτισμός fwtismos χώρος xwros choros khoros',
]

function streetNames(count: number): string[] {
  const { features } = JSON.parse(readFileSync(new URL('street.geojson', CITY), 'utf8')) as {
    features: { properties: { name_el: string | null; name_en: string | null } }[]
  }
  const names = features.flatMap(({ properties }) => [properties.name_el, properties.name_en])
  return [...new Set(names.filter((name) => name !== null))].slice(0, count)
}

async function expectSameKeys(words: string[]): Promise<void> {
  const { rows } = await world.db.raw(`SELECT word, latin_key(word) AS key FROM unnest(:words::text[]) AS word`, {
    words,
  })
  const inDatabase = (rows as { word: string; key: string }[]).map(({ word, key }) => `${word}: ${key}`)
  expect(inDatabase).to.deep.equal(words.map((word) => `${word}: ${latinKey(word)}`))
}

describe('one key for Greek and greeklish', () => {
  it('is the same in the page and in the database for every category and its keywords', async () => {
    const words = readOrganisation(CITY.pathname).categories.flatMap(({ title, keywords }) => [
      title.el,
      title.en,
      ...keywords,
    ])
    expect(words.length).to.be.above(100)
    await expectSameKeys(words)
  })

  it('is the same for two hundred street names', async () => {
    const names = streetNames(200)
    expect(names).to.have.length(200)
    await expectSameKeys(names)
  })

  it('is the same for each word in which sounds, accents and spellings meet', () =>
    expectSameKeys(TRICKY.flatMap((words) => words.split(' '))))

  it('makes one of what people write in several ways', () => {
    for (const [one, ...others] of [
      ['πρόβλημα', 'ΠΡΟΒΛΗΜΑ', 'problima', 'provlima'],
      ['λακκούβα', 'ΛΑΚΚΟΎΒΑ', 'lakouva', 'lakkouba'],
      ['Ερμού', 'ermou', 'ΕΡΜΟΥ'],
      ['γκαράζ', 'garaz', 'gkaraz'],
      ['Ξάνθη', 'ksanthi', 'ΞΑΝΘΗ'],
      ['φωτισμός', 'fotismos', 'fwtismos'],
    ] as const) {
      for (const other of others) expect(latinKey(other), other).to.equal(latinKey(one))
    }
  })
})
