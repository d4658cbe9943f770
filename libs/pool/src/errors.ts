import { defineErrors, exitCodes } from '@squall/errors'

export const poolErrors = defineErrors({
  POOL_WAIT_TIMEOUT: {
    summary: 'All connections stayed busy, or none could be opened, until the time to wait for one was over; nothing was run.',
    hint: 'Raise the size of the pool or the time to wait, or send fewer requests at once.',
    exitCode: exitCodes.machine,
  },
  POOL_QUEUE_FULL: {
    summary: 'As many requests already wait for a connection as may wait.',
    hint: 'Try again shortly; raise the size of the pool or of its queue where this lasts.',
    exitCode: exitCodes.machine,
  },
  POOL_DRAINING: {
    summary: 'The pool is closing and hands out nothing any more.',
    hint: 'Send the request to another server, or again once this one has restarted.',
    exitCode: exitCodes.machine,
  },
  POOL_BAD_OPTIONS: {
    summary: 'A pool was given sizes or times that cannot work.',
    hint: 'Correct the options named above.',
    exitCode: exitCodes.badInput,
  },
})
