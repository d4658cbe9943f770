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

const one = (payload: string, content: string, name = 'a.csv'): string[] =>
  problemsOf(withPayload(payload), { files: { [name]: content } }).map((line) => line.replace(/^\S+ /, ''))

test.each([
  ['{ path: a.csv, fields: [a, a] }', '1,2', 'config.payload.fields: found ["a","a"], expected each name once'],
  [
    '{ path: a.csv, fields: [__proto__] }',
    '1',
    'config.payload.fields[0]: found "__proto__", expected another name, which not every object has',
  ],
  [
    '{ path: a.csv, fields: [a, b], skipHeader: true }',
    'b,a\n1,2',
    'config.payload.path: found "a.csv", expected the fields in the order of its columns: b, a (as its first line names them)',
  ],
  [
    `{ path: a.csv, fields: [a], delimiter: '"' }`,
    '1',
    'config.payload.delimiter: found "\\"", expected another character than those that end a line or enclose a text',
  ],
  [
    '[ { path: a.csv, fields: [a] }, { path: a.csv, fields: [b, a] } ]',
    '1,2',
    'config.payload[1].fields: found "a", expected another name: config.payload[0] has a field of this one',
  ],
])('%s is one clear problem', (payload, content, problem) => {
  expect(one(payload, content)).toEqual([problem])
})

test.each([
  [
    'a.json',
    '[{"a":1}]',
    '{ path: a.json, fields: [a] }',
    /CSV, or a JSON object on each line.*\(a file of JSON as a whole has no rows\)$/,
  ],
  ['a.jsonl', '{"__proto__":{"x":1}}', '{ path: a.jsonl }', /no field named __proto__ \(line 1 has one\)$/],
  ['a.jsonl', '{"id":1}\n{"id":12345678901234567890}', '{ path: a.jsonl }', /at most 15 digits.*\(line 2 has a longer one\)$/],
  [
    'a.csv',
    'a\u0000b',
    '{ path: a.csv, fields: [a] }',
    /a file that can be read.*\(it holds NUL characters; save it as UTF-8\)$/,
  ],
])('%s with %j is no data', (name, content, payload, problem) => {
  expect(one(payload, content, name)).toEqual([expect.stringMatching(problem)])
})

test('numbers in texts, and small ones, may have any digits', () => {
  const content = '{"id":"12345678901234567890","x":1.23456789012345678901,"y":9007199254740991}\n'
  expect(load(withPayload('{ path: a.jsonl }'), { files: { 'a.jsonl': content } }).plan.payloads[0]?.rows).toHaveLength(1)
})

const columns = (more: string): string => withPayload(`{ path: a.csv, fields: [a, b]${more} }`)

test('a first line that is the names of the fields is told of, where it is a row like any other', () => {
  const trial = { files: { 'a.csv': 'a,b,c\n1,2,3\n' } }
  expect(load(columns(''), trial).notes).toEqual([
    'config.payload: its first line is the names of the fields, and is a row like any other without skipHeader: true',
  ])
  expect(load(columns(', skipHeader: "true"'), trial)).toMatchObject({ notes: [], plan: { payloads: [{ rows: [[1, 2]] }] } })
})

/** Where there are problems of a pack whose flow reads the variables `a` and `z`. */
function placesOf(payload: string): string[] {
  const pack = withPayload(payload).replace('name: echo', 'name: echo, arguments: { a: "{{ a }}", z: "{{ z }}" }')
  return problemsOf(pack).map((line) => line.replace(/^\S+ (\S+):.*$/, '$1'))
}

test('of a file that cannot be read it is told that, and not that nothing sets its fields', () => {
  expect(placesOf('{ path: gone.csv, fields: [a] }')).toEqual([
    'config.payload.path',
    'scenarios[0].flow[0].callTool.arguments.z',
  ])
  expect(placesOf('{ path: gone.jsonl }')).toEqual(['config.payload.path'])
})
