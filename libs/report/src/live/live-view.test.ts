import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { createLiveView, type LiveState } from '../index.ts'
import { FakeTerminal } from '../test/fake-terminal.ts'
import { sampleState } from '../test/sample-state.ts'

const viewOn = (terminal: FakeTerminal, color = false): ReturnType<typeof createLiveView> =>
  createLiveView({ stream: terminal, isTerminal: true, columns: () => terminal.columns, rows: () => terminal.rows, color })

const viewInLog = (written: string[], quiet = false): ReturnType<typeof createLiveView> =>
  createLiveView({
    stream: { write: (text: string) => written.push(text) },
    isTerminal: false,
    columns: () => 80,
    color: false,
    quiet,
  })

test('a terminal of 80 columns shows time, load, latencies, results, the generator and each tool [L11]', () => {
  const terminal = new FakeTerminal(80)
  const view = viewOn(terminal)
  for (const callsPerSecond of [0, 71, 142]) view.update(sampleState({ callsPerSecond }))
  expect(terminal.text).toBe(
    [
      'heavy → http://127.0.0.1:3000/mcp                                       running',
      `34 s of 1:00 min ${'━'.repeat(52)} 26 s left`,
      '',
      'load       142 calls/s   300 clients   ▁▅█',
      'response   p50 38 ms   p95 210 ms   p99 420 ms',
      'calls      2,130 ok   0 failed',
      'generator  41 % of a core   0 starts dropped',
      '',
      'tool           calls  failed  calls/s     p50     p95     p99',
      'execute_query  1,800       0      120  102 ms  245 ms  359 ms',
      'list_views       330       0     22.0   17 ms   71 ms  102 ms',
    ].join('\n'),
  )
})

const agents = [
  { agent: 'load-1-a1b2c3', workers: 4, cores: 4, shares: 1, shareOfLoad: 0.2, coresUsed: 1, lagMs: 2, state: 'working' },
  { agent: 'load-2-d4e5f6', workers: 16, cores: 16, shares: 4, shareOfLoad: 0.8, coresUsed: 12.2, lagMs: 130, state: 'working' },
  { agent: 'load-3-070809', workers: 2, cores: 2, shares: 0, shareOfLoad: 0, coresUsed: 0, lagMs: null, state: 'gone' },
]

test('a run of many machines shows each with its share, what it uses and how late it is', () => {
  const terminal = new FakeTerminal(80, 30)
  viewOn(terminal).update(sampleState({ agents }))
  expect(terminal.text.split('\n').slice(7, 12)).toEqual([
    '',
    'agent          workers  cores  share   CPU     lag  state',
    'load-1-a1b2c3        4      4   20 %  25 %  2.0 ms  working',
    'load-2-d4e5f6       16     16   80 %  76 %  130 ms  working',
    'load-3-070809        2      2    0 %   0 %       –  gone',
  ])
  expect(terminal.text).toContain('execute_query')
})

test('of many machines in a low window those in trouble and the busiest are shown, the rest counted', () => {
  const terminal = new FakeTerminal(80, 22)
  const fleet = Array.from({ length: 40 }, (_, index) => ({
    ...agents[0],
    agent: `load-${index}`,
    coresUsed: index / 10,
    ...(index === 7 && { state: 'silent for 9 s' }),
  }))
  viewOn(terminal).update(sampleState({ agents: fleet as typeof agents }))
  const lines = terminal.text.split('\n')
  expect(lines.length).toBeLessThan(22)
  expect(lines[9]).toMatch(/^load-7 .*silent for 9 s$/)
  expect(lines[10]).toMatch(/^load-39 /)
  expect(terminal.text).toMatch(/^and 3\d more$/m)
  expect(terminal.text).toContain('execute_query')
})

test('a log says in its lines how the machines fare, and names those in trouble', () => {
  const written: string[] = []
  const view = viewInLog(written)
  view.update(sampleState({ agents }))
  view.update(sampleState({ elapsedSeconds: 40, agents: agents.slice(0, 1) }))
  expect(written[0]).toContain('of a core  2 agents (load-3-070809 gone)  CPU 66 %  lag 130 ms\n')
  expect(written[1]).toContain('of a core  1 agent  CPU 25 %  lag 2.0 ms\n')
})

test('failures are named, the most frequent first, and dropped starts are counted', () => {
  const terminal = new FakeTerminal(80)
  viewOn(terminal).update(sampleState({ failed: 15, failuresByKind: { 'tool.is_error': 3, 'http.429': 12 }, droppedStarts: 7 }))
  expect(terminal.text).toContain('2,130 ok   15 failed   http.429 12, tool.is_error 3')
  expect(terminal.text).toContain('7 starts dropped')
})

test('a frame replaces the one before it, also when it is shorter', () => {
  const terminal = new FakeTerminal(80)
  const view = viewOn(terminal)
  view.update(sampleState())
  view.update(sampleState({ tools: [], p50: null, p95: null, p99: null }))
  expect(terminal.text).not.toContain('execute_query')
  expect(terminal.text.split('\n')).toHaveLength(7)
  expect(terminal.text).toContain('p50 –')
})

test('a message stays above the dashboard, and its control characters do not reach the terminal', () => {
  const terminal = new FakeTerminal(80)
  const view = viewOn(terminal)
  view.update(sampleState())
  view.message('target said: \u001b[2Jhello\u0007\nsecond line')
  view.update(sampleState({ clients: 301 }))
  const lines = terminal.text.split('\n')
  expect(lines.slice(0, 2)).toEqual(['target said:  [2Jhello', 'second line'])
  expect(lines[2]).toContain('heavy →')
  expect(terminal.text.match(/heavy →/g)).toHaveLength(1)
})

test('the end leaves nothing of the dashboard and a visible cursor', () => {
  const terminal = new FakeTerminal(80)
  const view = viewOn(terminal)
  view.message('started')
  view.update(sampleState())
  expect(terminal.isCursorShown).toBe(true)
  view.finish()
  view.finish()
  view.update(sampleState())
  expect(terminal.text).toBe('started')
  expect(terminal.cursor).toEqual({ row: 1, column: 0 })
})

test('each frame is one write that opens and closes, so a terminal shows it at once', () => {
  const written: string[] = []
  const stream = { write: (text: string) => written.push(text) }
  const view = createLiveView({ stream, isTerminal: true, columns: () => 80, color: true })
  view.update(sampleState())
  view.update(sampleState())
  expect(written).toHaveLength(2)
  for (const frame of written) {
    expect(frame.startsWith('\u001b[?2026h\u001b[?25l')).toBe(true)
    expect(frame.endsWith('\u001b[?25h\u001b[?2026l')).toBe(true)
  }
})

test('a window made narrower or wider in mid-run keeps one dashboard', () => {
  const terminal = new FakeTerminal(120)
  const view = viewOn(terminal, true)
  for (const columns of [120, 60, 41, 100, 20, 80]) {
    terminal.resize(columns)
    view.update(sampleState())
    expect(terminal.text.match(/response/g)).toHaveLength(1)
    expect(terminal.text.match(/heavy/g)).toHaveLength(1)
  }
})

test('many tools in a low window: the busiest are shown, the rest counted', () => {
  const terminal = new FakeTerminal(80, 14)
  const tools = Array.from({ length: 30 }, (_, index) => ({
    tool: `tool_${index}`,
    calls: index,
    failed: index === 29 ? 4 : 0,
    callsPerSecond: 1,
    p50: 1,
    p95: 2,
    p99: 3,
  }))
  viewOn(terminal).update(sampleState({ tools }))
  const lines = terminal.text.split('\n')
  expect(lines.length).toBeLessThan(14)
  expect(lines[9]).toMatch(/^tool_29 +29 +4/)
  expect(lines.at(-1)).toBe('and 27 more')
})

test('no state makes a line as wide as the window or a frame as high as it', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 })
  const amount = fc.double({ min: 0, max: 1e7, noNaN: true })
  const latency = fc.option(amount)
  const tool = fc.record({
    tool: text,
    calls: amount,
    failed: amount,
    callsPerSecond: amount,
    p50: latency,
    p95: latency,
    p99: latency,
  })
  const agent = fc.record({
    agent: text,
    workers: fc.integer({ min: 1, max: 256 }),
    cores: fc.integer({ min: 1, max: 256 }),
    shares: fc.nat(1000),
    shareOfLoad: fc.double({ min: 0, max: 1, noNaN: true }),
    coresUsed: amount,
    lagMs: latency,
    state: fc.constantFrom('working', 'gone'),
  })
  const state = fc.record<LiveState>({
    pack: text,
    target: text,
    phase: text,
    elapsedSeconds: amount,
    durationSeconds: amount,
    clients: amount,
    callsPerSecond: amount,
    p50: latency,
    p95: latency,
    p99: latency,
    ok: amount,
    failed: amount,
    failuresByKind: fc.dictionary(text, amount, { maxKeys: 5 }),
    tools: fc.array(tool, { maxLength: 30 }),
    droppedStarts: amount,
    generatorCpu: fc.double({ min: 0, max: 2, noNaN: true }),
    agents: fc.array(agent, { maxLength: 30 }),
  })
  fc.assert(
    fc.property(
      state,
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 2, max: 50 }),
      fc.boolean(),
      (state, columns, rows, color) => {
        const written: string[] = []
        const stream = { write: (text: string) => written.push(text) }
        createLiveView({ stream, isTerminal: true, columns: () => columns, rows: () => rows, color }).update(state)
        const lines = written.join('').split('\n')
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns)
      },
    ),
  )
})

test('colours come only where they are wanted', () => {
  const [plain, coloured] = [false, true].map((color) => {
    const written: string[] = []
    const stream = { write: (text: string) => written.push(text) }
    createLiveView({ stream, isTerminal: true, columns: () => 80, color }).update(
      sampleState({ failed: 2, generatorCpu: 0.95, droppedStarts: 1 }),
    )
    return written.join('')
  })
  expect(plain).toContain('   2 failed')
  expect(coloured).toContain('\u001b[31m2 failed')
  expect(coloured).toContain('\u001b[33m95 % of a core')
  expect(coloured).toContain('\u001b[33m1 starts dropped')
})

test('a log gets one whole line every five seconds, and what is left at the end [L11]', () => {
  const written: string[] = []
  const view = viewInLog(written)
  for (let second = 1; second <= 12; second++) view.update(sampleState({ elapsedSeconds: second, ok: second * 100 }))
  view.message('stopping\nnow')
  view.finish()
  view.finish()
  expect(written).toEqual([
    '[5 s of 1:00 min] running  300 clients  142 calls/s  p50 38 ms  p95 210 ms  p99 420 ms  500 ok  0 failed  generator 41 % of a core\n',
    '[10 s of 1:00 min] running  300 clients  142 calls/s  p50 38 ms  p95 210 ms  p99 420 ms  1,000 ok  0 failed  generator 41 % of a core\n',
    'stopping\nnow\n',
    '[12 s of 1:00 min] running  300 clients  142 calls/s  p50 38 ms  p95 210 ms  p99 420 ms  1,200 ok  0 failed  generator 41 % of a core\n',
  ])
})

test('a log line names failures and dropped starts, without control characters', () => {
  const written: string[] = []
  const view = viewInLog(written)
  view.update(sampleState({ failed: 3, failuresByKind: { 'a\u001b[31m': 1, 'http.429': 2 }, droppedStarts: 4 }))
  expect(written.join('')).toContain('3 failed (http.429 2, a [31m 1)  4 starts dropped')
})

test('a log that missed seconds goes on with the next line, without making up for them', () => {
  const written: string[] = []
  const view = viewInLog(written)
  for (const elapsedSeconds of [4.9, 5.1, 9.9, 31, 33, 35]) view.update(sampleState({ elapsedSeconds }))
  expect(written.map((line) => /^\[(\S+)/.exec(line)?.[1])).toEqual(['5', '31', '35'])
})

test('quiet says messages alone', () => {
  const written: string[] = []
  const view = viewInLog(written, true)
  view.update(sampleState({ elapsedSeconds: 50 }))
  view.message('the end')
  view.finish()
  expect(written).toEqual(['the end\n'])
})
