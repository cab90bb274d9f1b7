import { expect } from 'chai'
import { withoutComments } from '../../backend/core/db/sql.ts'
import { world } from '../support/world.ts'

describe('a query file', () => {
  for (const [given, left] of [
    ['SELECT 1 -- one\nFROM t', 'SELECT 1 \nFROM t'],
    [`SELECT '--' -- don't\n, 'it''s -- text'`, `SELECT '--' \n, 'it''s -- text'`],
    [`SELECT "odd -- name" FROM t -- "`, `SELECT "odd -- name" FROM t `],
    [`SELECT $$ -- $a$ $$, $a$ $$ -- $a$ -- $a$`, `SELECT $$ -- $a$ $$, $a$ $$ -- $a$ `],
    [String.raw`SELECT E'\' -- text', 'a\' -- comment`, String.raw`SELECT E'\' -- text', 'a\' `],
    [`SELECT 1 /* don't :x\n-- */ + 1`, 'SELECT 1  + 1'],
    [`SELECT $1, $2 -- $1\n- -1`, 'SELECT $1, $2 \n- -1'],
  ] as const) {
    it(`keeps what is text and drops what is a comment: ${given.replaceAll('\n', '⏎')}`, () => {
      expect(withoutComments(given)).to.equal(left)
    })
  }

  it('means the same to the database without its comments', async () => {
    const text = `SELECT '-- a' AS a, $x$--$$ :b$x$ AS b /* c' */ -- AS d`
    const { rows } = await world.db.raw(withoutComments(text))
    expect(rows).to.deep.equal([{ a: '-- a', b: '--$$ :b' }])
  })
})
