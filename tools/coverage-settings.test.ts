import { expect, test } from 'vitest'
import { holdsTypesAlone } from './coverage-settings.ts'

test.each([
  [
    'types and comments',
    '/** A. */\nexport interface A {\n  /** b */\n  b: string\n}\nexport type C = A | undefined // either',
    true,
  ],
  ['an import of types', "import type { A } from './a.ts'\nexport type B = A", true],
  ['a constant', 'export interface A {}\nexport const a = 1', false],
  ['a function', 'export function f(): void {}', false],
  ['a re-export of values', "export { f } from './f.ts'", false],
])('%s', (_what, source, expected) => {
  expect(holdsTypesAlone(source)).toBe(expected)
})
