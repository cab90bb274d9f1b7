// What docs/asvs.md and docs/security.md claim: every requirement once, and nothing named that is not there.
import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'

/** OWASP ASVS 5.0.0: how many requirements of levels 1 and 2 each section has; those of level 3 come after them. */
const SECTIONS: Record<string, number> = {
  '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2,
  '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1,
  '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2,
  '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4,
  '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3,
  '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4,
  '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2,
  '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1,
  '9.1': 3, '9.2': 4,
  '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3,
  '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 4, '11.5': 1, '11.6': 1,
  '12.1': 3, '12.2': 2, '12.3': 4,
  '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5,
  '14.1': 2, '14.2': 4, '14.3': 3,
  '15.1': 3, '15.2': 3, '15.3': 7,
  '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3,
  '17.1': 1, '17.2': 4, '17.3': 2,
} // prettier-ignore

const STATES = ['yes', 'partly', 'no', 'n/a'] as const
const ROOT = new URL('../../', import.meta.url)
const page = (name: string) => readFileSync(new URL(`docs/${name}`, ROOT), 'utf8')

const cellsOf = (line: string) => line.split('|').slice(1, -1).map((cell) => cell.trim()) // prettier-ignore
const rows = page('asvs.md')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map(cellsOf)
  .map(([number = '', asks = '', state = '', where = '', ...more]) => ({ number, asks, state, where, more }))

/** What stands between backticks and looks like a file of ours: from the top of the repository or below backend/. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`([\w.-][\w./-]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => /\.(ts|vue|sql|md|js|yaml)$|^package(-lock)?\.json$|^tsconfig\.json$|^\.ci\//.test(path))
const isThere = (path: string) => ['', 'backend/'].some((folder) => existsSync(new URL(folder + path, ROOT)))

describe('the pages on security', () => {
  it('have one row for each requirement of the ASVS, with a state and a where or why not', () => {
    const wanted = Object.entries(SECTIONS).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
    )
    expect(wanted).to.have.length(253)
    expect(rows.map(({ number }) => number)).to.deep.equal(wanted)
    for (const { number, asks, state, where, more } of rows) {
      expect(STATES, number).to.include(state)
      expect(asks, number).to.not.equal('')
      expect(where, number).to.not.equal('')
      expect(more, number).to.deep.equal([])
    }
  })

  it('say where everything that is claimed can be looked up', () => {
    const bare = rows.filter(({ state, where }) => state === 'yes' && pathsIn(where).length === 0)
    expect(bare.map(({ number }) => number)).to.deep.equal([])
  })

  for (const name of ['asvs.md', 'security.md'])
    it(`${name} names no file and no test that is not there`, () => {
      const paths = pathsIn(page(name))
      expect(paths).to.have.length.above(20)
      expect(paths.filter((path) => !isThere(path))).to.deep.equal([])
    })

  it('link to headings that are there', () => {
    const headings = [...page('security.md').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
    const anchors = headings.map((heading) => heading.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-')) // prettier-ignore
    const linked = [...(page('asvs.md') + page('security.md')).matchAll(/\((?:security\.md)?#([\w-]+)\)/g)]
    expect(linked).to.have.length.above(5)
    expect(linked.map(([, anchor]) => anchor).filter((anchor) => !anchors.includes(anchor ?? ''))).to.deep.equal([])
  })

  it('count what they list', () => {
    const counted = (chapter: number | null) =>
      STATES.map(
        (wanted) =>
          rows.filter(({ number, state }) => state === wanted && (!chapter || number.startsWith(`${chapter}.`))).length,
      )
    const table = page('security.md')
      .split('\n')
      .filter((line) => /^\| (V\d|all)/.test(line))
      .map(cellsOf)
    const expected = [...Array.from({ length: 17 }, (_, index) => counted(index + 1)), counted(null)]
    expect(table.map(([, ...counts]) => counts.map(Number))).to.deep.equal(expected)
  })
})
