import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { temporaryDirectory } from '@squall/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toSummary, writeCapacity, writeHistory, writeReport } from './index.ts'
import { startChromium } from './test/chromium.ts'
import { faintTexts, type TextsSeen } from './test/faint-texts.ts'
import { sampleCapacity } from './test/sample-capacity.ts'
import { sampleHistory } from './test/sample-history.ts'
import { sampleRun } from './test/sample-run.ts'

let browser: Browser
const directory = temporaryDirectory(afterAll)
const files: Record<string, string> = {}

/** A run over three machines, one of which was lost for some seconds. */
const distributedRun = () =>
  toSummary(
    sampleRun(
      { failures: { 'http.429': 0.02 }, stall: { from: 30, to: 33 } },
      {
        verdict: 'degraded',
        reasons: ['shard 1 lost from second 42 to 49: agent lost'],
        saturated: true,
        loss: { shardSeconds: 7, snapshots: 2, gaps: [{ shard: 1, fromSecond: 42, toSecond: 49, cause: 'agent lost' }] },
        agents: [
          { id: 'a1', host: 'worker-1.eu-central-1.compute.internal', shards: [0, 2], state: 'finished' },
          { id: 'a2', host: 'worker-2', shards: [1], state: 'lost' },
          { id: 'a3', host: 'worker-3', shards: [1], state: 'finished' },
        ],
      },
    ),
  )

beforeAll(async () => {
  browser = await startChromium()
  files['capacity'] = (await writeCapacity(join(directory, 'capacity'), sampleCapacity())).html
  files['history'] = join(directory, 'history.html')
  await writeHistory(files['history'], sampleHistory())
  files['run'] = (await writeReport(join(directory, 'run'), distributedRun())).html
})

afterAll(async () => {
  await browser?.close()
})

interface Look {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
}

const height = { 1280: 900, 390: 844 } as Readonly<Record<number, number>>

async function open(
  name: string,
  { width, colorScheme }: Look,
): Promise<{ readonly page: Page; readonly trouble: readonly string[] }> {
  const url = pathToFileURL(files[name] ?? '').href
  const context = await browser.newContext({ viewport: { width, height: height[width] ?? 900 }, colorScheme, offline: true })
  const page = await context.newPage()
  const trouble: string[] = []
  page.on('console', (message) => trouble.push(message.text()))
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('request', (request) => request.url() === url || trouble.push(request.url()))
  await page.goto(url)
  return { page, trouble }
}

const looks = [1280, 390].flatMap((width) => (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })))
const names = ['capacity', 'history', 'run']

describe.each(names)('the page of %s, from disk and without a network', (name) => {
  test.each(looks)('$width pixels wide, $colorScheme: nothing is cut off, too faint or asked for [C5]', async (look) => {
    const { page, trouble } = await open(name, look)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(look.width)
    const { seen, faint } = await page.evaluate<TextsSeen>(faintTexts)
    expect(faint).toEqual([])
    expect(seen).toBeGreaterThan(50)
    expect(await page.evaluate<string[]>(smallTexts)).toEqual([])
    expect(trouble).toEqual([])
    await page.context().close()
  })

  test('on paper nothing is cut off, and no control is left', async () => {
    // What A4 leaves between its margins, at 96 pixels per inch.
    const { page, trouble } = await open(name, { width: 688, colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(688)
    expect((await page.evaluate<TextsSeen>(faintTexts)).faint).toEqual([])
    expect(await page.locator('.theme').isVisible()).toBe(false)
    expect(trouble).toEqual([])
    await page.context().close()
  })

  test('the tab key reaches every control in the order of the page, and shows where it is', async () => {
    const { page } = await open(name, { width: 1280, colorScheme: 'light' })
    const expected =
      await page.evaluate<number>(`(window.controls = [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
      .filter((one) => one.checkVisibility() && !(one.type === 'radio' && !one.checked))).length`)
    const reached: number[] = []
    for (let press = 0; press < expected; press += 1) {
      await page.keyboard.press('Tab')
      const { index, isSeen } = await page.evaluate<{ index: number; isSeen: boolean }>(focusSeen)
      reached.push(index)
      expect(isSeen, `control ${index}`).toBe(true)
    }
    expect(reached).toEqual(Array.from({ length: expected }, (_, index) => index))
    expect(expected).toBeGreaterThan(3)
    await page.context().close()
  })

  test('every plot and table has a name, and a plot tells what it shows', async () => {
    const { page } = await open(name, { width: 1280, colorScheme: 'light' })
    const nameless = `[...document.querySelectorAll('[role=slider], [role=region], section')].filter((one) => !(one.getAttribute('aria-label') || document.getElementById(one.getAttribute('aria-labelledby'))?.textContent)).map((one) => one.outerHTML.slice(0, 80))`
    expect(await page.evaluate<string[]>(nameless)).toEqual([])
    const plots = page.getByRole('slider')
    expect(await plots.count()).toBe(await page.locator('figure').count())
    await plots.first().focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    expect(await plots.first().getAttribute('aria-valuetext')).toMatch(/\d.*: \S+ .*\d/)
    await page.context().close()
  })
})

/** Runs in the page: the words of drawings that are smaller than a reader's eye likes, as they come to the screen. */
const smallTexts = `[...document.querySelectorAll('.curve svg text')].filter((text) => {
  const svg = text.ownerSVGElement
  return parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width < 10
}).map((text) => text.textContent)`

/** Runs in the page: which control has the focus, and whether it, or the word beside it, has an outline. */
const focusSeen = `(() => {
  const one = document.activeElement
  const isSeen = [one, one.nextElementSibling].some((each) => {
    const style = each && getComputedStyle(each)
    return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
  })
  return { index: window.controls.indexOf(one), isSeen }
})()`

test('who has a minute finds the four answers on the first screen of a capacity report', async () => {
  const { page } = await open('capacity', { width: 1280, colorScheme: 'light' })
  const answers = await page.evaluate<[string, string, number][]>(`[...document.querySelectorAll('.answers > div')].map((one) => [
    one.querySelector('dt').textContent, one.querySelector('.value').textContent, Math.round(one.getBoundingClientRect().bottom)])`)
  expect(answers.map(([question, answer]) => [question, answer])).toEqual([
    ['How many', '340 clients'],
    ['How sure', '322 to 355'],
    ['What breaks first', 'pool'],
    ['What to run', '4 instances'],
  ])
  expect(Math.max(...answers.map(([, , bottom]) => bottom))).toBeLessThan(900)
  await page.context().close()
})
