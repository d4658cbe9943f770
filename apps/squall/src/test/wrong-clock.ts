// Loaded before a program: its wall clock is wrong by SQUALL_TEST_CLOCK_OFFSET_MS, as that of a machine may be.
const offsetMs = Number(process.env['SQUALL_TEST_CLOCK_OFFSET_MS'])
const right = Date.now
Date.now = () => right() + offsetMs
