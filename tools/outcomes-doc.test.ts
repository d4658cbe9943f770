import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { numberedFailureCodes, plainFailureCodes } from '../libs/mcp-wire/src/call-outcome.ts'
import { explainFailure } from '../libs/report/src/failure-codes.ts'
import { checkFailureCodes } from '../libs/virtual-client/src/check-failure-codes.ts'

const rows = readFileSync(new URL('../docs/outcomes.md', import.meta.url), 'utf8').matchAll(
  /^\| `(?<code>[\w.]+)` +\| (?<what>.+?) +\| (?<mend>.+?) +\|$/gm,
)
const documented = Array.from(rows, ({ groups: { code = '', what = '', mend = '' } = {} }) => ({ code, what, mend }))
const codes = [...plainFailureCodes, ...numberedFailureCodes.map((family) => `${family}.N`), ...checkFailureCodes]

test('docs/outcomes.md lists every code that a report can show, each once, with its meaning and what to do [L7]', () => {
  expect(documented.map(({ code }) => code).toSorted()).toEqual(codes.toSorted())
  for (const { code, what, mend } of documented) expect(Math.min(what.length, mend.length), code).toBeGreaterThan(10)
})

test.each(codes)('a report explains %s', (code) => {
  expect(explainFailure(code.replace(/N$/, '503'))).toBeDefined()
})

test.each([...plainFailureCodes, ...checkFailureCodes])(
  'a report has words of its own for %s, beyond those of its family',
  (code) => {
    const family = code.split('.')[0]
    expect(explainFailure(code)).not.toBe(explainFailure(`${family}.anything_else`))
  },
)
