import { expect, test } from 'vitest'
import { readCatalogues, readErrorsDocument, renderErrorsDocument } from './errors-doc.ts'

test('docs/errors.md lists every error of every catalogue as the sources say it', async () => {
  expect(readErrorsDocument(), 'run `node tools/errors-doc.ts --write`').toBe(await renderErrorsDocument())
})

test('no code is used twice, and each says what to do', async () => {
  const entries = [...(await readCatalogues()).values()].flat()
  const codes = entries.map(({ code }) => code)
  expect(codes.length).toBeGreaterThan(0)
  expect(new Set(codes).size).toBe(codes.length)
  for (const { code, summary, hint } of entries) {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/)
    expect(`${summary} ${hint}`.length, code).toBeGreaterThan(20)
  }
})
