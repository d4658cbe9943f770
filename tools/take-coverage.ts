// Test workers are ended by their pool before Node would write their coverage; so each test file hands it over itself.
import { takeCoverage } from 'node:v8'
import { afterAll } from 'vitest'

if (process.env['NODE_V8_COVERAGE']) afterAll(() => takeCoverage())
