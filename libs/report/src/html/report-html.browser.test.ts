import { mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { temporaryDirectory } from '@squall/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../test/chromium.ts'
import { faintTexts, type TextsSeen } from '../test/faint-texts.ts'
import { sampleRun, type SampleOptions } from '../test/sample-run.ts'
import { toSummary, writeReport, type SummaryInput } from '../index.ts'

const hostile = `"><img src=x onerror="document.title='owned'"></script><script>document.title='owned'</script><!--`
let browser: Browser
const directory = temporaryDirectory(afterAll)

beforeAll(async () => {
  browser = await startChromium()
})

afterAll(async () => {
  await browser?.close()
})

interface Look {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** Opens the report of a sample run from disk, and notes every error and every request beyond the file itself. */
async function open(options: SampleOptions = {}, overrides: Partial<SummaryInput> = {}, look: Look = {}): Promise<Opened> {
  const run = await mkdtemp(join(directory, 'run-'))
  const { html } = await writeReport(run, toSummary(sampleRun(options, overrides)))
  const { width = 1280, colorScheme = 'light' } = look
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
  const trouble: string[] = []
  page.on('console', (message) => trouble.push(message.text()))
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('request', (request) => request.url() === pathToFileURL(html).href || trouble.push(request.url()))
  await page.goto(pathToFileURL(html).href)
  return { page, trouble, directory: run }
}

interface Opened {
  readonly page: Page
  readonly trouble: readonly string[]
  readonly directory: string
}

/** How many pixels of a plot are drawn on. */
const inkOf = (page: Page, id: string): Promise<number> =>
  page.locator(`#plot-${id} canvas`).evaluate((element) => {
    const canvas = element as unknown as { width: number; height: number; getContext(kind: '2d'): Pixels }
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let ink = 0
    for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 0) ink++
    return ink
  })

interface Pixels {
  getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray }
}

test('a machine without Chromium is told what to do about it', async () => {
  await expect(startChromium('/nowhere/chromium')).rejects.toThrow(
    'no Chromium at /nowhere/chromium: install the package chromium, or name another with SQUALL_CHROMIUM',
  )
})

test('every plot is drawn, without an error and without a request', async () => {
  const { page, trouble } = await open({ failures: { 'http.429': 0.02 } })
  const ids = ['response', 'service', 'throughput', 'tools', 'clients', 'failures', 'generator-cpu', 'generator-delay']
  for (const id of ids) expect(await inkOf(page, id), id).toBeGreaterThan(2000)
  expect(await page.locator('h1').innerText()).toMatch(
    /^This server carried 300\sclients at \d+\scalls\/s; 95\s% of calls answered/,
  )
  expect(trouble).toEqual([])
})

const sentenceOf = async (page: Page): Promise<string> => (await page.locator('h1').innerText()).replaceAll('\u00a0', ' ')

test.each([
  ['had one second', { seconds: 1, clients: 45 }, 'carried 3 clients'],
  ['took half an hour', { seconds: 1800, clients: 4 }, 'carried 4 clients'],
])('a run that %s is drawn', async (_, options, sentence) => {
  const { page, trouble } = await open(options)
  expect(await sentenceOf(page)).toContain(sentence)
  expect(await inkOf(page, 'response')).toBeGreaterThan(100)
  expect(trouble).toEqual([])
})

test('a run that ended at once has a report without plots', async () => {
  const { page, trouble } = await open({ seconds: 0, clients: 0 })
  expect(await sentenceOf(page)).toContain('nothing can be said about this server')
  expect(await page.locator('figure').count()).toBe(0)
  expect(trouble).toEqual([])
})

test('what a target or a pack says stays text', async () => {
  const { page, trouble } = await open(
    { tools: { [hostile]: { weight: 1, medianMs: 10 } }, failures: { [hostile]: 0.1 } },
    {
      run: { ...sampleRun({ seconds: 1 }).run, pack: hostile, target: hostile, model: hostile },
      verdict: 'fail',
      reasons: [hostile],
      thresholds: [{ expression: hostile, value: 1, ok: false }],
      loss: { shardSeconds: 1, snapshots: 1, gaps: [{ shard: 0, fromSecond: 3, toSecond: 4, cause: hostile }] },
    },
  )
  expect(await page.title()).toContain('<img src=x')
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.locator('#tools-title ~ .scroll tbody th').innerText()).toBe(hostile)
  expect(await page.locator('#plot-tools .readout span').innerText()).toBe(hostile)
  expect(trouble).toEqual([])
})

test('a script that found its way in would not run', async () => {
  const { page } = await open({ seconds: 2 })
  await page.evaluate(`{
    const script = document.createElement('script')
    script.textContent = "document.title = 'owned'"
    document.body.append(script)
  }`)
  expect(await page.title()).not.toBe('owned')
})

test('pointing at one plot reads all of them at that moment', async () => {
  const { page } = await open()
  await page.locator('#plot-tools .u-over').hover({ position: { x: 200, y: 60 } })
  await expect.poll(() => page.locator('#plot-tools .readout b').first().innerText()).toMatch(/^\d+$/)
  expect(await page.locator('#plot-response .readout b').first().innerText()).toMatch(/^\d+ ms$/)
  expect(await page.locator('#plot-generator-cpu .readout b').first().innerText()).toMatch(/^\d+ %$/)
})

test('arrow keys read a plot moment by moment, and a screen reader hears it', async () => {
  const { page } = await open()
  const plot = page.getByRole('slider', { name: 'Response time, moment of the run' })
  await plot.focus()
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key)
  expect(await plot.getAttribute('aria-valuetext')).toMatch(/^0:01: p50 .+, p95 .+, p99 .+ m?s$/)
  await page.keyboard.press('End')
  expect(await plot.getAttribute('aria-valuenow')).toBe('59')
  await page.keyboard.press('PageDown')
  expect(await plot.getAttribute('aria-valuenow')).toBe('49')
  await page.keyboard.press('Tab')
  await expect.poll(() => page.locator('#plot-response .readout b').first().innerText()).toBe('')
})

test('dragging looks closer in every plot, Escape shows everything again', async () => {
  const { page } = await open()
  await page.locator('#plot-response').scrollIntoViewIfNeeded()
  const boxOf = async (id: string): Promise<{ x: number; y: number; width: number }> => {
    const box = await page.locator(`#plot-${id} .u-over`).boundingBox()
    if (!box) throw new Error(`the plot ${id} is not on the page`)
    return box
  }
  const readLast = async (id: string): Promise<string | null> => {
    const plot = page.locator(`#plot-${id} .canvas`)
    await plot.focus()
    await page.locator(`#plot-${id} .u-over`).hover({ position: { x: (await boxOf(id)).width - 3, y: 40 } })
    return plot.getAttribute('aria-valuenow')
  }
  const box = await boxOf('response')
  await page.mouse.move(box.x + 40, box.y + 50)
  await page.mouse.down()
  await page.mouse.move(box.x + 160, box.y + 50, { steps: 6 })
  await page.mouse.up()
  await expect.poll(() => readLast('clients').then(Number)).toBeLessThan(30)
  expect(Number(await readLast('response'))).toBeLessThan(30)
  await page.keyboard.press('Escape')
  await expect.poll(() => readLast('clients')).toBe('59')
})

test('a series can be hidden and shown again', async () => {
  const { page } = await open()
  const before = await inkOf(page, 'clients')
  const button = page.locator('#plot-clients .readout button').first()
  await button.press('Enter')
  expect(await button.getAttribute('aria-pressed')).toBe('false')
  expect(await inkOf(page, 'clients')).toBeLessThan(before)
  await button.press('Enter')
  expect(await inkOf(page, 'clients')).toBe(before)
})

test('times can be shown on a logarithmic scale', async () => {
  const { page, trouble } = await open()
  const shot = (): Promise<string> => page.locator('#plot-response canvas').screenshot().then(String)
  const before = await shot()
  await page.getByLabel('logarithmic times').check()
  expect(await shot()).not.toBe(before)
  expect(trouble).toEqual([])
})

test('light and dark follow the system until the reader chooses', async () => {
  const { page } = await open({}, {}, { colorScheme: 'dark' })
  const paper = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  expect(await paper()).toBe('rgb(16, 19, 22)')
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await paper()).toBe('rgb(247, 247, 245)')
  await page.getByRole('radio', { name: 'dark' }).press('Space')
  expect(await paper()).toBe('rgb(16, 19, 22)')
})

const lossy: Partial<SummaryInput> = {
  verdict: 'degraded',
  reasons: ['shard 1 lost from second 42 to 49: agent lost'],
  thresholds: [
    { expression: 'p95<500ms', value: 612.2, ok: false },
    { expression: 'failed<1%', value: 0.2, ok: true },
  ],
  saturated: true,
  loss: { shardSeconds: 7, snapshots: 2, gaps: [{ shard: 1, fromSecond: 42, toSecond: 49, cause: 'agent lost' }] },
}

test.each(['light', 'dark'] as const)('all text keeps a contrast of 4.5 to 1 on a %s page', async (colorScheme) => {
  const { page } = await open({ failures: { 'http.429': 0.02 } }, lossy, { colorScheme })
  const { seen, faint } = await page.evaluate<TextsSeen>(faintTexts)
  expect(faint).toEqual([])
  expect(seen).toBeGreaterThan(200)
})

test.each(['light', 'dark'] as const)('every line of a plot keeps a contrast of 3 to 1 on a %s page', async (colorScheme) => {
  const { page } = await open({ seconds: 2 }, {}, { colorScheme })
  const faint = await page.evaluate<string[]>(`(() => {
    const context = document.createElement('canvas').getContext('2d')
    const luminance = (css) => {
      const probe = document.body.appendChild(document.createElement('i'))
      probe.style.color = css
      context.fillStyle = getComputedStyle(probe).color
      context.fillRect(0, 0, 1, 1)
      const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((v) => { const c = v / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const paper = luminance('var(--surface)')
    const names = ['p50', 'p95', 'p99', 'calls', 'failed', 'other', ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => 'kind-' + n)]
    return names.filter((name) => {
      const ink = luminance('var(--' + name + ')')
      return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) < 3
    })
  })()`)
  expect(faint).toEqual([])
})

test('a phone shows everything within its width, and tables scroll by themselves', async () => {
  const tools = { ['a_tool_with_a_very_long_name_'.repeat(4)]: { weight: 1, medianMs: 20 } }
  const { page, trouble } = await open({ tools, failures: { 'http.429': 0.02 } }, lossy, { width: 390 })
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390)
  expect(await inkOf(page, 'response')).toBeGreaterThan(2000)
  expect(trouble).toEqual([])
})

test('tables, figures and controls have names for who cannot see them', async () => {
  const { page } = await open({ failures: { 'http.429': 0.02 } }, lossy)
  const nameless = await page.evaluate<string[]>(`[
    ...[...document.querySelectorAll('table')].filter((table) => !table.caption?.textContent.trim()),
    ...[...document.querySelectorAll('th')].filter((cell) => !cell.scope),
    ...[...document.querySelectorAll('svg:not([aria-hidden])')].filter((svg) => !svg.getAttribute('aria-label')),
    ...[...document.querySelectorAll('figure')].filter((figure) => !figure.querySelector('figcaption p')?.textContent.trim()),
    ...[...document.querySelectorAll('input')].filter((input) => input.labels.length === 0),
    ...[...document.querySelectorAll('[aria-labelledby]')].filter((element) => !document.getElementById(element.getAttribute('aria-labelledby'))),
  ].map((element) => element.outerHTML.slice(0, 80))`)
  expect(nameless).toEqual([])
  const levels = await page.evaluate<number[]>(`[...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.tagName[1]))`)
  expect(levels[0]).toBe(1)
  levels.slice(1).forEach((level, index) => expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1))
  expect(
    await page.evaluate<string[]>(
      `[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i)`,
    ),
  ).toEqual([])
})

const plotWidth = async (page: Page): Promise<number | undefined> =>
  (await page.locator('#plot-response .uplot').boundingBox())?.width

test('plots follow the window, narrower and wider', async () => {
  const { page } = await open()
  const wide = (await plotWidth(page)) ?? 0
  await page.setViewportSize({ width: 900, height: 900 })
  await expect.poll(() => plotWidth(page)).toBeLessThan(wide - 100)
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(900)
  await page.setViewportSize({ width: 1280, height: 900 })
  await expect.poll(() => plotWidth(page)).toBe(wide)
})

test('on paper the page is light, nothing is cut off, and the screen is as before afterwards', async () => {
  const { page, trouble } = await open({ failures: { 'http.429': 0.02 } }, lossy, { colorScheme: 'dark' })
  const before = await plotWidth(page)
  await page.evaluate(`addEventListener('beforeprint', () => { window.printed = {
    ink: getComputedStyle(document.querySelector('h2')).color,
    plot: document.querySelector('#plot-response .uplot').getBoundingClientRect().width,
  } })`)
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
  expect(await page.evaluate<unknown>('window.printed')).toEqual({ ink: 'rgb(27, 31, 35)', plot: 660 })
  await expect.poll(() => plotWidth(page)).toBe(before)
  expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 19, 22)')

  // What A4 leaves between its margins, at 96 pixels per inch.
  await page.setViewportSize({ width: 688, height: 1000 })
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(688)
  expect(await page.locator('.theme').isVisible()).toBe(false)
  expect(trouble).toEqual([])
})

test('junit.xml is well-formed whatever the pack says', async () => {
  const { page, directory } = await open(
    { seconds: 2 },
    {
      run: { ...sampleRun({ seconds: 1 }).run, pack: `${hostile}\u0000\ud800 & 'pack'` },
      verdict: 'fail',
      reasons: [hostile],
      thresholds: [{ expression: `${hostile}\n\u001b`, value: null, ok: false }],
    },
  )
  const text = await readFile(join(directory, 'junit.xml'), 'utf8')
  const seen = await page.evaluate<{ error: string | undefined; names: string[]; failures: string }>(
    `(() => {
      const xml = new DOMParser().parseFromString(${JSON.stringify(text)}, 'application/xml')
      return {
        error: xml.querySelector('parsererror')?.textContent,
        names: [...xml.querySelectorAll('testcase')].map((test) => test.getAttribute('name')),
        failures: xml.documentElement.getAttribute('failures'),
      }
    })()`,
  )
  expect(seen).toEqual({ error: undefined, names: ['verdict', `${hostile}\n\ufffd`], failures: '2' })
})
