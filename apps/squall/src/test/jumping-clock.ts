// Loaded before a program: its wall clock is wrong by SQUALL_TEST_CLOCK_JUMP_MS from the moment on that the file SQUALL_TEST_CLOCK_JUMP is there.
import { existsSync } from 'node:fs'

const sign = process.env['SQUALL_TEST_CLOCK_JUMP'] ?? ''
const jumpMs = Number(process.env['SQUALL_TEST_CLOCK_JUMP_MS'])
const right = Date.now
let offsetMs = 0
Date.now = () => {
  if (offsetMs === 0 && existsSync(sign)) offsetMs = jumpMs
  return right() + offsetMs
}
