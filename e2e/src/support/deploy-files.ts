import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '@squall/testing'
import { parse, parseAllDocuments } from 'yaml'
import { root } from './programs.ts'

/** A copy of `deploy/` with secrets made as its page says, gone once it is disposed of. */
export class DeployCopy implements Disposable {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'squall-deploy-'))

  constructor() {
    cpSync(`${root}deploy`, this.directory, { recursive: true })
    const made = spawnSync(join(this.directory, 'make-secrets.sh'), { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`make-secrets.sh: ${made.stderr}`)
  }

  [Symbol.dispose](): void {
    removeDirectory(this.directory)
  }
}

/** Anything that Kubernetes takes, as far as all of it is alike. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> }
  readonly [part: string]: unknown
}

/** Renders a kustomization by the program that its users have. @throws Error with what it says, warnings included. */
export function renderKustomization(directory: string): readonly Manifest[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', directory], { encoding: 'utf8' })
  if (status !== 0 || stderr !== '') throw new Error(`kubectl kustomize ${directory}: ${stderr}`)
  // As kubectl prints it.
  return parseAllDocuments(stdout).map((document) => unwrapped(document.toJS() as Manifest))
}

/** The lines of long secrets are broken, which Kubernetes takes and its schema does not. */
const unwrapped = (manifest: Manifest): Manifest =>
  manifest.kind === 'Secret'
    ? {
        ...manifest,
        data: Object.fromEntries(
          Object.entries(manifest['data'] ?? {}).map(([key, text]) => [key, String(text).replaceAll(/\s/g, '')]),
        ),
      }
    : manifest

export const readYaml = (path: string): unknown => parse(readFileSync(path, 'utf8'), { merge: true }) as unknown
