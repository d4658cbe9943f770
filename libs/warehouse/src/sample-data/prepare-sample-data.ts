import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Clock } from '@squall/time'
import { CodedError } from '@squall/errors'
import { warehouseErrors } from '../errors.ts'
import { randomMacros } from './random-macros.ts'
import type { SampleDatabase } from './sample-database.ts'
import { sampleDatabases } from './sample-databases.ts'

/** Where the file of each sample database lies, by the database's name. */
export type SampleFiles = ReadonlyMap<string, string>

/**
 * Gives the files of the sample data, and makes them first where the directory has none for this version of the data.
 *
 * They are made under a name of this process alone and moved in place as a whole, so an interrupted start leaves nothing that looks
 * finished, and of several processes that start at once, one wins and the others use its files. Nobody writes to them afterwards.
 * Throws `WAREHOUSE_DATA_DIRECTORY` where the directory cannot be written.
 */
export async function prepareSampleData(
  dataDirectory: string,
  clock: Clock,
  databases: readonly SampleDatabase[] = sampleDatabases,
): Promise<SampleFiles> {
  const directory = join(dataDirectory, `sample-data-${versionOf(databases)}`)
  try {
    if (!(await exists(directory))) await makeFiles(databases, directory, clock)
  } catch (cause) {
    const message = `the sample data cannot be made in ${dataDirectory}: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new CodedError(warehouseErrors.WAREHOUSE_DATA_DIRECTORY, { message, cause })
  }
  return filesIn(databases, directory)
}

/** Follows from everything the files are made from, so that a change makes new ones. */
function versionOf(databases: readonly SampleDatabase[]): string {
  return createHash('sha256')
    .update(JSON.stringify([randomMacros, databases]))
    .digest('hex')
    .slice(0, 12)
}

function filesIn(databases: readonly SampleDatabase[], directory: string): SampleFiles {
  return new Map(databases.map(({ name }) => [name, join(directory, `${name}.duckdb`)]))
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

const unfinished = 'unfinished-sample-data-'

async function makeFiles(databases: readonly SampleDatabase[], target: string, clock: Clock): Promise<void> {
  const dataDirectory = dirname(target)
  const directory = join(dataDirectory, `${unfinished}${process.pid}-${randomUUID()}`)
  await mkdir(directory, { recursive: true })
  try {
    await removeAbandoned(dataDirectory, clock)
    const files = filesIn(databases, directory)
    for (const database of databases) await makeFile(database, files.get(database.name) ?? '')
    await moveInPlace(directory, target)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Another process may have been faster: its files are as good. */
async function moveInPlace(directory: string, target: string): Promise<void> {
  try {
    await rename(directory, target)
  } catch (error) {
    if (!(await exists(target))) throw error
  }
}

const abandonedAfterMs = 3_600_000

/** What processes that were killed left behind an hour ago or more. */
async function removeAbandoned(dataDirectory: string, clock: Clock): Promise<void> {
  for (const entry of await readdir(dataDirectory)) {
    if (!entry.startsWith(unfinished)) continue
    const path = join(dataDirectory, entry)
    // Its owner may remove it at the same time.
    const changed = await stat(path).catch(() => undefined)
    if (changed && clock.wallMs() - changed.mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}

async function makeFile(database: SampleDatabase, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  try {
    const connection = await instance.connect()
    for (const macro of randomMacros) await connection.run(`CREATE TEMPORARY MACRO ${macro}`)
    for (const { name: schema, tables } of database.schemas) {
      await connection.run(`CREATE SCHEMA "${schema}"; USE "${schema}"`)
      for (const { name, rows } of tables) await connection.run(`CREATE TABLE "${schema}"."${name}" AS ${rows}`)
    }
    await connection.run('CHECKPOINT')
    connection.closeSync()
  } finally {
    instance.closeSync()
  }
}
