import { expect, test } from 'vitest'
import { changed, load, problemsOf } from '../test/write-pack.ts'

const withPayload = (payload: string): string => changed('engines: { mcp: {} }', `payload: ${payload}`)
const files = {
  'data/rows.csv': 'sql,limit\n"SELECT 1, 2",5\nSELECT 3,6\n\n',
  'data/empty.csv': '',
  'data/semi.csv': 'a;b\nc;d\n',
}

test('rows of a data file arrive with the names of their columns', () => {
  const { payloads } = load(withPayload('{ path: data/rows.csv, fields: [sql, limit], skipHeader: true, order: sequence }'), {
    files,
  }).plan
  expect(payloads).toEqual([
    {
      fields: ['sql', 'limit'],
      rows: [
        ['SELECT 1, 2', 5],
        ['SELECT 3', 6],
      ],
      order: 'sequence',
    },
  ])
})

test('a list of files, other delimiters and fewer names than columns are fine; order is random as in Artillery', () => {
  const payload =
    '[ { path: data/semi.csv, fields: [x, y], delimiter: ";", cast: false }, { path: data/rows.csv, fields: [sql] } ]'
  expect(load(withPayload(payload), { files }).plan.payloads).toEqual([
    {
      fields: ['x', 'y'],
      rows: [
        ['a', 'b'],
        ['c', 'd'],
      ],
      order: 'random',
    },
    { fields: ['sql'], rows: [['sql'], ['SELECT 1, 2'], ['SELECT 3']], order: 'random' },
  ])
})

test('what looks like a number or a flag is one, unless cast is off', () => {
  const typed = { 'data/rows.csv': 'true,1.50,-2,007,1e3\n' }
  const fields = 'path: data/rows.csv, fields: [a, b, c, d, e]'
  expect(load(withPayload(`{ ${fields} }`), { files: typed }).plan.payloads[0]?.rows).toEqual([[true, 1.5, -2, '007', '1e3']])
  expect(load(withPayload(`{ ${fields}, cast: false }`), { files: typed }).plan.payloads[0]?.rows).toEqual([
    ['true', '1.50', '-2', '007', '1e3'],
  ])
})

test('JSON lines keep their types and name their fields themselves, or the pack chooses among them', () => {
  const lines = { 'rows.jsonl': '\uFEFF{"id":1,"tags":["a"],"name":"x"}\r\n\n{"id":2,"tags":null,"name":"y","more":true}\n' }
  expect(load(withPayload('{ path: rows.jsonl, order: unique }'), { files: lines }).plan.payloads).toEqual([
    {
      fields: ['id', 'tags', 'name'],
      rows: [
        [1, ['a'], 'x'],
        [2, null, 'y'],
      ],
      order: 'unique',
    },
  ])
  expect(load(withPayload('{ path: rows.jsonl, fields: [name] }'), { files: lines }).plan.payloads[0]?.rows).toEqual([
    ['x'],
    ['y'],
  ])
})

test.each([
  ['{"a":1}\n[1]\n', /expected a JSON object on every line \(line 2 is none\)/],
  ['{"a":1}\n{"a":\n', /expected a JSON object on every line \(line 2 is none\)/],
  ['{"a":1,"b":2}\n\n{"c":1}\n', /expected the fields a, b on every line \(line 3 lacks a, b\)/],
  ['\n', /expected a file with at least one row/],
])('JSON lines %j are refused', (content, problem) => {
  expect(problemsOf(withPayload('{ path: rows.jsonl }'), { files: { 'rows.jsonl': content } })).toEqual([
    expect.stringMatching(problem),
  ])
})

test.each([
  [
    '{ path: nowhere.csv, fields: [a] }',
    /^3:14 config\.payload\.path: found "nowhere\.csv", expected a file that can be read, relative to the pack \(ENOENT/,
  ],
  [
    '{ path: data/empty.csv, fields: [a] }',
    /config\.payload\.path: found "data\/empty\.csv", expected a file with at least one row/,
  ],
  ['{ path: data/rows.csv, fields: [a, b, c] }', /expected rows of at least 3 columns \(a, b, c\) \(row 1 has fewer\)/],
  [
    '[ { path: data/quote.csv, fields: [a] } ]',
    /config\.payload\[0]\.path: found "data\/quote\.csv", expected a well-formed CSV file \(.*[Qq]uote/,
  ],
  ['{ path: data/rows.csv }', /config\.payload\.fields: expected a list of names, one for each column/],
  ['{ path: data/rows.csv, fields: [] }', /config\.payload\.fields: found \[], expected at least one name/],
  [
    '{ path: data/rows.csv, fields: [a], ordre: random }',
    /config\.payload\.ordre: expected a known key \(did you mean order\?\)/,
  ],
  ['5', /config\.payload: found 5, expected a mapping with path and fields/],
])('payload %s is refused', (payload, problem) => {
  const problems = problemsOf(withPayload(payload), { files: { ...files, 'data/quote.csv': 'a "b" c,"d\n' } })
  expect(problems).toEqual([expect.stringMatching(problem)])
})
