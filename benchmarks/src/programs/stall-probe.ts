// Preloaded into a server: measures how long its event loop did not turn, by the clock and by the CPU it spent meanwhile. The
// second is the program's own doing on a machine that does much else. Asked by SIGUSR2; answers in the file named by STALL_PROBE.
import { writeFileSync } from 'node:fs'

const file = process.env['STALL_PROBE']
// The variable reaches children too; each program that is not the server itself leaves the file alone.
if (file !== undefined && process.argv[1]?.includes('snowflake-mcp') === true) {
  let longestMs = 0
  let longestCpuMs = 0
  let lastMs = performance.now()
  let lastCpuMs = cpuMs()
  setInterval(() => {
    const [nowMs, nowCpuMs] = [performance.now(), cpuMs()]
    longestMs = Math.max(longestMs, nowMs - lastMs)
    longestCpuMs = Math.max(longestCpuMs, nowCpuMs - lastCpuMs)
    lastMs = nowMs
    lastCpuMs = nowCpuMs
  }, 1).unref()
  process.on('SIGUSR2', () => {
    writeFileSync(file, JSON.stringify({ longestMs, longestCpuMs }))
    longestMs = 0
    longestCpuMs = 0
  })
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
