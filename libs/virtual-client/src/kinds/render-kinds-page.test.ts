import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { clientKinds } from './client-kinds.ts'
import { renderKindsPage } from './render-kinds-page.ts'

const page = fileURLToPath(new URL('../../../../docs/client-kinds.md', import.meta.url))

test('docs/client-kinds.md says of every kind what the table says', () => {
  expect(readFileSync(page, 'utf8'), 'run `node tools/client-kinds-doc.ts --write`').toBe(renderKindsPage())
})

test('every kind shows its evidence there', () => {
  for (const { name, evidence, source } of clientKinds)
    expect(renderKindsPage()).toContain(`## ${name}\n\n- **Evidence:** **${evidence}**: ${source}\n`)
})
