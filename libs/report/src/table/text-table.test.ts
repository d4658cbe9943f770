import { expect, test } from 'vitest'
import { renderTextTable } from './text-table.ts'

test('columns are as wide as their widest cell on screen, colours not counted, and no line ends in spaces', () => {
  const columns = [{ title: 'name' }, { title: 'n', align: 'right' as const }, { title: 'note' }]
  const rows = [
    ['表', '1', ''],
    ['\u001b[31mlonger\u001b[39m', '22'],
  ]
  expect(renderTextTable(columns, rows)).toEqual(['name     n  note', '表       1', '\u001b[31mlonger\u001b[39m  22'])
})

test('a table without rows is its titles', () => expect(renderTextTable([{ title: 'a' }, { title: 'b' }], [])).toEqual(['a  b']))
