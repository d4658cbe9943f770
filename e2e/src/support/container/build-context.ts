import { cpSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

interface Rule {
  readonly pattern: RegExp
  readonly text: string
  readonly isKept: boolean
}

/** Copies what a build sees of a directory: everything that its `.dockerignore` leaves. */
export function copyContext(directory: string, ignoreFile: string, to: string): void {
  const rules = readRules(readFileSync(ignoreFile, 'utf8'))
  const isSeen = (path: string): boolean =>
    path === '' || !isIgnored(path, rules) || rules.some(({ isKept, text }) => isKept && text.startsWith(`${path}/`))
  cpSync(directory, to, { recursive: true, filter: (source) => isSeen(relative(directory, source)) })
}

function readRules(text: string): readonly Rule[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const glob = line.replace(/^!/, '')
    return { pattern: toPattern(glob), text: glob, isKept: line.startsWith('!') }
  })
}

/** The last rule that names a path, or a folder above it, decides. */
function isIgnored(path: string, rules: readonly Rule[]): boolean {
  const parts = path.split('/')
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  return rules.findLast(({ pattern }) => paths.some((each) => pattern.test(each)))?.isKept === false
}

const globs: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' }

function toPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|[.+?^${}()|[\]\\]/g, (found) => globs[found] ?? `\\${found}`)
  return new RegExp(`^${source}$`)
}
