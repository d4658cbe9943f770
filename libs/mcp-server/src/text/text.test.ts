import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderCsv } from './csv.ts'
import { renderJsonRows } from './json-rows.ts'
import { renderTable } from './markdown-table.ts'

test('a table has a header, a rule, and one line per row', () => {
  expect(
    renderTable(
      ['A', 'B|C'],
      [
        [1, null],
        [true, 'x'],
      ],
    ),
  ).toBe('| A | B\\|C |\n| --- | --- |\n| 1 | NULL |\n| true | x |\n')
})

test('whatever a cell holds, it stays one cell of at most two hundred characters, escapes aside', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      const lines = renderTable(['A'], [[text]]).split('\n')
      expect(lines).toHaveLength(4)
      const cell = (lines[2] ?? '').slice(2, -2)
      expect(cell.replaceAll(String.raw`\|`, '').includes('|')).toBe(false)
      expect(cell.replaceAll(String.raw`\|`, '|').length).toBeLessThanOrEqual(200)
      expect(cell.isWellFormed()).toBe(text.isWellFormed() || cell.isWellFormed())
    }),
  )
})

test('a cell that is cut ends in dots and holds no half character', () => {
  const cell = renderTable(['A'], [[`${'x'.repeat(196)}😀${'y'.repeat(10)}`]]).split('\n')[2]
  expect(cell).toBe(`| ${'x'.repeat(196)}... |`)
})

/** A reader of CSV that knows nothing of the writer. */
function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'))
    if (end === '\n') rows.push([])
  }
  return rows.slice(0, -1)
}

const cells = fc.array(
  fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('a,b', 'x"y', '\n', '')),
  {
    minLength: 2,
    maxLength: 2,
  },
)

test('CSV gives every text back, and tells NULL from no text and from the word', () => {
  fc.assert(
    fc.property(fc.array(cells), (rows) => {
      expect(readCsv(renderCsv(['A', 'B'], rows)).slice(1)).toEqual(rows)
    }),
  )
  expect(
    renderCsv(
      ['A', 'B,C'],
      [
        [null, ''],
        ['NULL', { a: 1 }],
        [1.5, true],
      ],
    ),
  ).toBe('A,"B,C"\n,""\nNULL,"{""a"":1}"\n1.5,true\n')
})

test('JSON rows keep every cell under a name of its own, in column order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('A', 'A_2', '__proto__', '1'), { minLength: 1 }), (names) => {
      const row = names.map((_, index) => index)
      const [object] = JSON.parse(renderJsonRows(names, [row])) as [Record<string, number>]
      expect(Object.values(object).toSorted((a, b) => a - b)).toEqual(row)
    }),
  )
  expect(renderJsonRows(['A', 'A'], [[1, null]])).toBe('[\n{"A":1,"A_2":null}\n]\n')
  expect(renderJsonRows(['A'], [])).toBe('[]\n')
})
