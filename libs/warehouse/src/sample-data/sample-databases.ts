import { analyticsDb } from './databases/analytics-db.ts'
import { stagingDb } from './databases/staging-db.ts'
import { testDb } from './databases/test-db.ts'
import { tpch } from './databases/tpch.ts'
import type { SampleDatabase } from './sample-database.ts'

/** Every database there is after the first start. */
export const sampleDatabases: readonly SampleDatabase[] = [analyticsDb, tpch, stagingDb, testDb]
