import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, utimes, writeFile, mkdir, chmod, access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryDirectory } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createWarehouseEngine } from '../engine/create-warehouse-engine.ts'
import { ask, openEngine, openSession, sharedDataDirectory } from '../test/open-engine.ts'
import { stagingDb } from './databases/staging-db.ts'
import { prepareSampleData } from './prepare-sample-data.ts'

const program = fileURLToPath(new URL('../test/prepare-sample-data.ts', import.meta.url))
let directory: string

beforeEach(() => {
  directory = temporaryDirectory(onTestFinished)
})
const inProcess = async (): Promise<string[]> => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, directory])
  // The program prints a list of paths.
  return JSON.parse(stdout) as string[]
}

test('two processes that start at once both have whole data afterwards, and nothing is left over', async () => {
  const [one, two] = await Promise.all([inProcess(), inProcess()])
  expect(one).toEqual(two)
  expect(await readdir(directory)).toHaveLength(1)
  await Promise.all(one.map((file) => access(file)))
})

test('a start that was killed leaves nothing that looks finished, and the next start makes the data', async () => {
  const child = spawn(process.execPath, [program, directory])
  while ((await readdir(directory)).length === 0) await new Promise(setImmediate)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await readdir(directory)).toEqual([expect.stringMatching(/^unfinished-/) as string])
  const files = await prepareSampleData(directory, systemClock, [stagingDb])
  await Promise.all([...files.values()].map((file) => access(file)))
})

test('two engines of one machine share the files and each has its own changes', async () => {
  const engines = [await openEngine(), await createWarehouseEngine({ dataDirectory: sharedDataDirectory, threads: 1 })] as const
  const [one, two] = [await openSession(engines[0]), await openSession(engines[1])]
  await ask(one, 'DELETE FROM products WHERE product_id > 10')
  expect((await ask(one, 'SELECT COUNT(*) FROM products')).rows).toEqual([['10']])
  expect(
    (await ask(two, 'SELECT COUNT(*), (SELECT COUNT(*) FROM snowflake_sample_data.tpch_sf1.orders) FROM products')).rows,
  ).toEqual([['60', '15000']])
  await Promise.all(engines.map((engine) => engine.close()))
})

test('what killed processes left an hour ago is removed, and what another makes now is not', async () => {
  const clock = new FakeClock()
  for (const [name, ageMs] of [
    ['unfinished-sample-data-old', 3_700_000],
    ['unfinished-sample-data-new', 1000],
  ] as const) {
    await mkdir(join(directory, name))
    await writeFile(join(directory, name, 'X.duckdb'), '')
    const changed = (clock.wallMs() - ageMs) / 1000
    await utimes(join(directory, name), changed, changed)
  }
  await prepareSampleData(directory, clock, [stagingDb])
  expect((await readdir(directory)).toSorted()).toEqual([
    expect.stringMatching(/^sample-data-/) as string,
    'unfinished-sample-data-new',
  ])
})

test('a directory that cannot be written is named in one clear message', async () => {
  const file = join(directory, 'a-file')
  await writeFile(file, '')
  await chmod(file, 0o400)
  await expect(prepareSampleData(join(file, 'below'), systemClock, [stagingDb])).rejects.toMatchObject({
    code: 'WAREHOUSE_DATA_DIRECTORY',
    exitCode: 9,
    message: expect.stringContaining(join(file, 'below')) as string,
  })
})
