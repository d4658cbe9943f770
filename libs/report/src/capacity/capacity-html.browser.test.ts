import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { temporaryDirectory } from '@squall/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../test/chromium.ts'
import { sampleCapacity } from '../test/sample-capacity.ts'
import type { Capacity } from './capacity.ts'
import { writeCapacity } from './write-capacity.ts'

const hostile = `"><img src=x onerror="document.title='owned'"></script><script>document.title='owned'</script>`
let browser: Browser
const directory = temporaryDirectory(afterAll)

beforeAll(async () => {
  browser = await startChromium()
})

afterAll(async () => {
  await browser?.close()
})

async function open(capacity: Capacity, width = 1280): Promise<{ readonly page: Page; readonly trouble: readonly string[] }> {
  const { html } = await writeCapacity(await mkdtemp(join(directory, 'c-')), capacity)
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  const trouble: string[] = []
  page.on('console', (message) => trouble.push(message.text()))
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('request', (request) => request.url() === pathToFileURL(html).href || trouble.push(request.url()))
  await page.goto(pathToFileURL(html).href)
  return { page, trouble }
}

test('opens from disk without a network, with the sentence first, and asks for nothing else [C5]', async () => {
  const { page, trouble } = await open(sampleCapacity())
  expect(await page.locator('h1').textContent()).toContain('The server carries 340\u00a0clients')
  expect(await page.locator('figure.curve svg').count()).toBe(5)
  expect(trouble).toEqual([])
})

test('a curve is read by the pointer and by the arrow keys', async () => {
  const { page } = await open(sampleCapacity())
  const drawing = page.locator('#curve-response svg')
  const value = page.locator('#curve-response .readout b').nth(1)
  await drawing.hover({ position: { x: 1, y: 50 } })
  expect(await value.textContent()).toBe('81 ms at 1')
  await drawing.focus()
  await page.keyboard.press('End')
  expect(await value.textContent()).toBe('848 ms at 640')
  await page.keyboard.press('ArrowLeft')
  expect(await value.textContent()).toBe('694 ms at 512')
  await page.keyboard.press('Home')
  await page.keyboard.press('Tab')
  expect(await value.textContent()).toBe('81 ms at 1')
})

test('a phone shows it without scrolling sideways', async () => {
  const { page } = await open(sampleCapacity(), 390)
  const [wide, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  expect(wide).toBeLessThanOrEqual(seen)
})

test('no figure is cut off, however large, and no word of a plot', async () => {
  const sample = sampleCapacity()
  const large = { ...sample.plan, clients: 1_000_000, instances: 12_345 } as NonNullable<Capacity['plan']>
  const maximum = { ...sample.maximum, load: 1_234_567, isAtLeast: true } as NonNullable<Capacity['maximum']>
  for (const width of [390, 800, 1280]) {
    const { page } = await open(sampleCapacity({ plan: large, maximum }), width)
    const cut = "[...document.querySelectorAll('.figures .value')].filter((one) => one.scrollWidth > one.clientWidth).length"
    expect(await page.evaluate(cut), `${width} px`).toBe(0)
  }
  const { page } = await open(sample)
  const outside = `[...document.querySelectorAll('.curve .mark text')].filter((word) => {
    const [text, drawing] = [word.getBoundingClientRect(), word.closest('svg').getBoundingClientRect()]
    return text.right > drawing.right + 1 || text.left < drawing.left
  }).length`
  expect(await page.evaluate(outside)).toBe(0)
})

test('hostile names stay text, and a search that found nothing is a page too', async () => {
  const sample = sampleCapacity()
  const { page, trouble } = await open(
    sampleCapacity({
      run: { ...sample.run, pack: hostile },
      sentence: hostile,
      levels: [],
      maximum: null,
      knee: null,
      plan: null,
      whatIf: [],
      pools: [],
      usl: null,
      uslRefused: 'x',
      littlesLaw: [],
      bound: { by: 'unknown', evidence: [hostile] },
    }),
  )
  expect(await page.title()).not.toBe('owned')
  expect(await page.locator('h2', { hasText: 'What breaks first: not known' }).count()).toBe(1)
  expect(trouble).toEqual([])
})
