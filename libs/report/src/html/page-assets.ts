import { readFile } from 'node:fs/promises'

/** What a page carries inside itself. */
export interface PageAssets {
  readonly styles: readonly string[]
  readonly scripts: readonly string[]
}

const uplot = import.meta.resolve('uplot')

/** Reads styles and scripts from this package and from uPlot, whose licence travels with it. */
export async function readPageAssets(): Promise<PageAssets> {
  const [uplotStyle, uplotScript, uplotLicense, style, theme, plots] = await Promise.all([
    readFile(new URL('uPlot.min.css', uplot), 'utf8'),
    readFile(new URL('uPlot.iife.min.js', uplot), 'utf8'),
    readFile(new URL('../LICENSE', uplot), 'utf8'),
    readFile(new URL('../../page/report.css', import.meta.url), 'utf8'),
    readFile(new URL('../../page/theme.js', import.meta.url), 'utf8'),
    readFile(new URL('../../page/plots.js', import.meta.url), 'utf8'),
  ])
  return { styles: [uplotStyle, style], scripts: [`/*\nuPlot\n${uplotLicense}*/\n${uplotScript}`, theme, plots] }
}
