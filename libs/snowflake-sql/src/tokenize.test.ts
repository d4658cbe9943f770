import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTrivia, tokenize } from './index.ts'

const significant = (sql: string): string[] =>
  tokenize(sql)
    .filter((token) => !isTrivia(token))
    .map(({ kind, text }) => `${kind} ${text}`)

const sharpPieces = [
  "'",
  '"',
  '$$',
  '--',
  '//',
  '/*',
  '*/',
  '\\',
  '\n',
  '\r',
  ' ',
  '@',
  '$',
  ':',
  '->>',
  '(',
  ';',
  'SELECT',
  '1.5e',
  '\u{1F600}',
  '\u00A0',
]
const pieces = fc.constantFrom(...sharpPieces)
const sqlText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces).map((parts) => parts.join('')),
)

test('the tokens of any text cover it exactly, with true offsets, lines and columns', () => {
  fc.assert(
    fc.property(sqlText, (sql) => {
      const tokens = tokenize(sql)
      expect(tokens.map(({ text }) => text).join('')).toBe(sql)
      for (const { offset, line, column, text } of tokens) {
        const before = sql.slice(0, offset)
        expect(sql.startsWith(text, offset)).toBe(true)
        expect({ line, column }).toEqual({ line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) })
        expect(text).not.toBe('')
      }
    }),
  )
})

test('any string value survives quoting, and is one token whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const quoted = `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
      expect(tokenize(`${quoted};`).map(({ kind }) => kind)).toEqual(['string', 'operator'])
    }),
  )
})

describe('each kind of token', () => {
  test.each([
    ["'it''s' 'a\\'b; DROP'", ["string 'it''s'", "string 'a\\'b; DROP'"]],
    ['"a""b" "x;y"', ['quotedIdentifier "a""b"', 'quotedIdentifier "x;y"']],
    ['$$a;b$$ $name $1', ['dollarString $$a;b$$', 'variable $name', 'position $1']],
    ['? :1 :name', ['bind ?', 'bind :1', 'operator :', 'word name']],
    [
      'a::int b->>c d=>e',
      ['word a', 'operator ::', 'word int', 'word b', 'operator ->>', 'word c', 'word d', 'operator =>', 'word e'],
    ],
    ['1 1.5 .5 1e10 2.5E-3 7.', ['number 1', 'number 1.5', 'number .5', 'number 1e10', 'number 2.5E-3', 'number 7.']],
    ['@s/dir/x.csv @~/a @%t @"my stage"/f', ['stage @s/dir/x.csv', 'stage @~/a', 'stage @%t', 'stage @"my stage"/f']],
    ['SYSTEM$WAIT(1)', ['word SYSTEM$WAIT', 'operator (', 'number 1', 'operator )']],
    ['a -- b\n c // d\n /* e */ f', ['word a', 'word c', 'word f']],
    ['db..t', ['word db', 'operator .', 'operator .', 'word t']],
    ['@ ', ['unknown @']],
  ])('%s', (sql, expected) => expect(significant(sql)).toEqual(expected))
})

describe('what cannot be trusted is said', () => {
  test.each([
    ["'open", 'string', 'unterminated'],
    ["'open\\'", 'string', 'unterminated'],
    ['"open', 'quotedIdentifier', 'unterminated'],
    ['$$open', 'dollarString', 'unterminated'],
    ['/* open', 'blockComment', 'unterminated'],
    ['/* a /* b */', 'blockComment', 'ambiguous'],
    ['-- a\rDROP TABLE t', 'lineComment', 'ambiguous'],
    ['-- a\u2028DROP TABLE t', 'lineComment', 'ambiguous'],
    ['@s--x', 'stage', 'ambiguous'],
    ['a$$', 'word', 'ambiguous'],
    ['\u00A0', 'unknown', 'unknownCharacter'],
    ['\uFEFF', 'unknown', 'unknownCharacter'],
    ['\u{1F600}', 'unknown', 'unknownCharacter'],
  ])('%j', (sql, kind, problem) => expect(tokenize(sql)).toMatchObject([{ kind, problem, text: sql }]))

  test('a comment line that ends as on Windows, or ends the text, is harmless', () => {
    expect(tokenize('-- a\r\n-- b\r').filter(({ problem }) => problem)).toEqual([])
  })
})
