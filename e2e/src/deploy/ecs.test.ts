import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { misspellings } from '../support/misspellings.ts'
import { root, run, type Ended } from '../support/programs.ts'
import { typeErrors, type TypedValue } from '../support/strict-types.ts'

const module = '@aws-sdk/client-ecs'
const taskFile = `${root}deploy/ecs/agent-task.json`

interface Task {
  readonly cpu: string
  readonly memory: string
  readonly containerDefinitions: readonly Readonly<Record<string, unknown>>[]
}
const readTask = (): Task => JSON.parse(readFileSync(taskFile, 'utf8')) as Task

const toTyped = (type: string, name: string, value: unknown): TypedValue => ({ name, module, type, value })

function expectKnown(type: string, value: unknown): void {
  const bad = misspellings(value).map(({ path, value }) => toTyped(type, `misspelt ${path}`, value))
  const errors = typeErrors([toTyped(type, 'as it is', value), ...bad])
  expect(errors.get('as it is')).toBeUndefined()
  expect(bad.map(({ name }) => name).filter((name) => !errors.has(name))).toEqual([])
}

test('the task definition is what Amazon knows, with no field missing, misspelt or of a wrong kind', () => {
  const task = readTask()
  expectKnown('RegisterTaskDefinitionCommandInput', task)
  // Fargate knows pairs; of two cores these.
  expect(task.cpu).toBe('2048')
  expect([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16].map((gibibytes) => String(gibibytes * 1024))).toContain(task.memory)
})

test('the container is nobody, keeps its image as it is, and has time to hand its shares on', () => {
  const [agent] = readTask().containerDefinitions
  expect(agent).toMatchObject({
    command: ['squall', 'agent'],
    user: '1000:1000',
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ['ALL'] } },
    stopTimeout: 10,
    ulimits: [{ name: 'nofile', softLimit: 65_536 }],
  })
  expect(JSON.stringify(agent?.['environment'])).not.toMatch(/SECRET|FABRIC|PASSWORD/)
})

/** An `aws` that writes down what it is asked, and starts as many tasks of each request as it is told. */
function fakeAws(startsAtMost: number): {
  readonly agents: (...args: string[]) => Promise<Ended>
  readonly asked: () => string[]
} {
  const directory = temporaryDirectory(onTestFinished)
  const log = join(directory, 'asked')
  writeFileSync(log, '')
  const script = `#!/bin/sh
printf '%s\\n' "$*" | tr '\\n' ' ' >> ${log}; echo >> ${log}
case $2 in
  run-task) n=$(printf %s "$4" | sed -n 's/.*"count": \\([0-9]*\\).*/\\1/p'); [ "$n" -lt ${startsAtMost} ] || n=${startsAtMost}; echo "$n" ;;
  list-tasks) printf 'arn:1\\tarn:2\\n' ;;
esac
`
  writeFileSync(join(directory, 'aws'), script)
  chmodSync(join(directory, 'aws'), 0o755)
  const env = {
    PATH: `${directory}:${process.env['PATH']}`,
    CLUSTER: 'load',
    SUBNETS: 'subnet-a,subnet-b',
    SECURITY_GROUPS: 'sg-1',
    RETRY_SECONDS: '0',
  }
  return {
    agents: (...args) => run(`${root}deploy/ecs/agents.sh`, args, { env }),
    asked: () => readFileSync(log, 'utf8').trim().split('\n'),
  }
}

interface Request {
  readonly count: number
}

const requestsOf = (asked: readonly string[]): readonly Request[] =>
  asked.flatMap((line) => {
    const [, json] = /^ecs run-task --cli-input-json (\{.*\}) --query/.exec(line) ?? []
    return json === undefined ? [] : [JSON.parse(json) as Request]
  })

test('agents.sh starts any number of agents, ten at a time, with requests that Amazon knows', async () => {
  const { agents, asked } = fakeAws(10)
  expect(await agents('start', '23')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('squall run --agents 23') as string,
  })
  const requests = requestsOf(asked())
  expect(requests.map(({ count }) => count)).toEqual([10, 10, 3])
  expectKnown('RunTaskCommandInput', requests[0])
  expect(requests[0]).toMatchObject({
    cluster: 'load',
    taskDefinition: 'squall-agent',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-1'] } },
  })
})

test('agents.sh asks again for tasks that did not start, and gives up with a word about it', async () => {
  const some = fakeAws(4)
  expect(await some.agents('start', '10')).toMatchObject({ code: 0 })
  expect(requestsOf(some.asked()).map(({ count }) => count)).toEqual([10, 6, 2])
  const none = fakeAws(0)
  expect(await none.agents('start', '3')).toMatchObject({
    code: 9,
    stderr: expect.stringMatching(/^error: 3 of 3 agents could not be started/) as string,
  })
})

test('agents.sh counts and stops the agents of its own fleet, and explains itself', async () => {
  const { agents, asked } = fakeAws(10)
  expect((await agents('count')).stdout.trim()).toBe('2')
  expect(await agents('stop')).toMatchObject({ code: 0 })
  expect(asked().filter((line) => line.startsWith('ecs stop-task --cluster load --task arn:'))).toHaveLength(2)
  expect(asked().filter((line) => line.includes('list-tasks'))).toEqual(
    Array.from({ length: 2 }, () => expect.stringContaining('--started-by squall') as string),
  )
  expect(await agents('start', 'many')).toMatchObject({ code: 2, stderr: expect.stringContaining('agents.sh start N') as string })
})
