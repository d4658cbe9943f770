import fc from 'fast-check'
import { expect, test } from 'vitest'
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
