// Renders docs/client-kinds.md from the table of client kinds: `node tools/client-kinds-doc.ts --write`. A test beside the table compares them.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderKindsPage } from '../libs/virtual-client/src/kinds/render-kinds-page.ts'

const page = fileURLToPath(new URL('../docs/client-kinds.md', import.meta.url))

if (process.argv.includes('--write')) writeFileSync(page, renderKindsPage())
