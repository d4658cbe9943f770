import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What a page carries inside itself. */
export interface PageAssets {
  readonly styles: readonly string[]
  readonly scripts: readonly string[]
}

const pageDirectory = new URL('../../page/', import.meta.url)

/** Reads styles and scripts from this package and from uPlot, whose licence travels with it. */
export async function readPageAssets(): Promise<PageAssets> {
  const uplot = dirname(dirname(createRequire(import.meta.url).resolve('uplot')))
  const [uplotStyle, uplotScript, uplotLicense, style, theme, plots] = await Promise.all([
    readFile(join(uplot, 'dist', 'uPlot.min.css'), 'utf8'),
    readFile(join(uplot, 'dist', 'uPlot.iife.min.js'), 'utf8'),
    readFile(join(uplot, 'LICENSE'), 'utf8'),
    readFile(new URL('report.css', pageDirectory), 'utf8'),
    readFile(new URL('theme.js', pageDirectory), 'utf8'),
    readFile(new URL('plots.js', pageDirectory), 'utf8'),
  ])
  return { styles: [uplotStyle, style], scripts: [`/*\nuPlot\n${uplotLicense}*/\n${uplotScript}`, theme, plots] }
}
