// Renders docs/errors.md from the catalogues of all libs and apps: `node tools/errors-doc.ts --write`.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface Entry {
  readonly code: string
  readonly summary: string
  readonly hint: string
  readonly exitCode: number
}

const root = fileURLToPath(new URL('..', import.meta.url))
export const errorsDocument: string = `${root}docs/errors.md`

/** All definitions of all catalogues, by the package that owns them. */
export async function readCatalogues(): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const files = globSync('{libs,apps}/*/src/errors.ts', { cwd: root }).toSorted()
  const owned = await Promise.all(
    files.map(async (file) => [file.split('/').slice(0, 2).join('/'), await readCatalogue(`${root}${file}`)] as const),
  )
  return new Map(owned)
}

async function readCatalogue(path: string): Promise<readonly Entry[]> {
  const exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  return Object.values(exported).flatMap((value) => (isCatalogue(value) ? Object.values(value) : []))
}

function isCatalogue(value: unknown): value is Record<string, Entry> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => typeof (entry as Entry | null)?.code === 'string')
  )
}

export async function renderErrorsDocument(): Promise<string> {
  const sections = [...(await readCatalogues())].map(([owner, entries]) => renderSection(owner, entries))
  return `${introduction}\n${sections.join('\n')}`
}

const introduction = `# Errors

Every error that Squall's programs print ends in a code such as \`PACK_INVALID\`. The code is stable: scripts may rely on it, and a retired
one is never used again. This page is rendered from the catalogues in the sources; a test fails when they differ.
The exit code is the program's, where the error ends it.
`

function renderSection(owner: string, entries: readonly Entry[]): string {
  const rows = entries.map(
    ({ code, summary, hint, exitCode }) =>
      `### ${code}\n\n${summary}\n\n- **What to do:** ${hint}\n- **Exit code:** ${exitCode}\n`,
  )
  return `## ${owner}\n\n${rows.join('\n')}`
}

if (process.argv.includes('--write')) writeFileSync(errorsDocument, await renderErrorsDocument())

/** The document as it stands in the repository. */
export const readErrorsDocument = (): string => readFileSync(errorsDocument, 'utf8')
