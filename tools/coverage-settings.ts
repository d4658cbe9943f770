// What coverage is measured over: all sources of libs and apps that hold anything to run.
import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** Settings for c8: those of `.c8rc.json`, less files of types alone, which Node never loads. */
export function coverageSettings(): object {
  const settings = JSON.parse(readFileSync('.c8rc.json', 'utf8')) as { include: string[]; exclude: string[] }
  return { ...settings, exclude: [...settings.exclude, ...globSync(settings.include).filter(isTypesAlone)] }
}

const isTypesAlone = (file: string): boolean => !file.endsWith('.d.ts') && holdsTypesAlone(readFileSync(file, 'utf8'))

/** Whether nothing is left of a source once types, comments and imports are gone. */
export function holdsTypesAlone(source: string): boolean {
  const code = stripTypeScriptTypes(source).replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '')
  return code.replaceAll(/^\s*import\b[^\n]*$/gm, '').trim() === ''
}
