import { readFile } from 'node:fs/promises'

/** What a page carries inside itself. */
export interface PageAssets {
  readonly styles: readonly string[]
  readonly scripts: readonly string[]
}

const uplot = import.meta.resolve('uplot')

/** What a page without plots over time carries: the common style, the choice of colours, and one script of its own. */
export async function readPlainAssets(script: 'curves.js'): Promise<PageAssets> {
  const [style, theme, own] = await Promise.all(['report.css', 'theme.js', script].map(readOwn))
  return { styles: [style ?? ''], scripts: [theme ?? '', own ?? ''] }
}

const readOwn = (name: string): Promise<string> => readFile(new URL(`../../page/${name}`, import.meta.url), 'utf8')

/** Reads styles and scripts from this package and from uPlot, whose licence travels with it. */
export async function readPageAssets(): Promise<PageAssets> {
  const [uplotStyle, uplotScript, uplotLicense, style, theme, plots] = await Promise.all([
    readFile(new URL('uPlot.min.css', uplot), 'utf8'),
    readFile(new URL('uPlot.iife.min.js', uplot), 'utf8'),
    readFile(new URL('../LICENSE', uplot), 'utf8'),
    readOwn('report.css'),
    readOwn('theme.js'),
    readOwn('plots.js'),
  ])
  return { styles: [uplotStyle, style], scripts: [`/*\nuPlot\n${uplotLicense}*/\n${uplotScript}`, theme, plots] }
}
