import { defineErrors, exitCodes } from '@squall/errors'

export const fabricErrors = defineErrors({
  FABRIC_GENERATOR_DID_NOT_START: {
    summary: 'A generator process ended, or stayed silent, before it was ready to make load.',
    hint: 'Try fewer workers (--workers 1); the machine may be out of memory, processes or file handles.',
    exitCode: exitCodes.machine,
  },
  FABRIC_LEASE_EXPIRED: {
    summary: 'A generator stopped, since nobody told it in time that its share of the load was still its own.',
    hint: 'Its agent was frozen, or cut off from Redis; another agent goes on with the share.',
    exitCode: exitCodes.loadLost,
  },
  FABRIC_REDIS_UNREACHABLE: {
    summary: 'No connection to the Redis that holds the fabric together could be made.',
    hint: 'Start it, or mend the address: redis://HOST:PORT, rediss:// with TLS, redis://:PASSWORD@HOST with a password.',
    exitCode: exitCodes.machine,
  },
  FABRIC_REDIS_REFUSED: {
    summary: 'The Redis that holds the fabric together does not let this machine in.',
    hint: 'Give user and password in the address: redis://USER:PASSWORD@HOST:PORT; better by the variable SQUALL_FABRIC, which no process list shows.',
    exitCode: exitCodes.machine,
  },
  FABRIC_REDIS_UNFIT: {
    summary: 'The Redis that holds the fabric together is too old, or set up to forget.',
    hint: 'Use Redis 7 or Valkey with --maxmemory-policy noeviction.',
    exitCode: exitCodes.machine,
  },
  FABRIC_REDIS_RIGHTS: {
    summary: 'The user of the Redis that holds the fabric together may not do what a fabric does.',
    hint: 'Give it leave: ACL SETUSER NAME ~squall:* +@all -@admin -@dangerous +info',
    exitCode: exitCodes.machine,
  },
  FABRIC_REDIS_FULL: {
    summary: 'The Redis that holds the fabric together takes nothing more: its memory or its disk is full.',
    hint: 'Give it more of maxmemory or disk, or take away what else lies there; old runs of Squall go by themselves a day after their end.',
    exitCode: exitCodes.machine,
  },
  FABRIC_AGENT_DISK: {
    summary: "An agent cannot write the pack's program files to its own disk.",
    hint: 'Make room there, or name another folder for temporary files by TMPDIR, and start the agent anew.',
    exitCode: exitCodes.machine,
  },
  FABRIC_NO_AGENTS: {
    summary: 'No agent waits for work at this Redis.',
    hint: 'Start one on each machine that is to make load: squall agent --fabric redis://…',
    exitCode: exitCodes.machine,
  },
  FABRIC_TOO_FEW_AGENTS: {
    summary: 'Fewer agents than --agents says wait for work at this Redis.',
    hint: 'See why the others do not come, or begin with fewer: --agents N.',
    exitCode: exitCodes.machine,
  },
  FABRIC_OTHER_SECRET: {
    summary: 'Agents wait for work at this Redis, but they and this controller do not have the same secret.',
    hint: 'Set SQUALL_FABRIC_SECRET to the same text for squall run and for every squall agent.',
    exitCode: exitCodes.badInput,
  },
  FABRIC_OTHER_VERSION: {
    summary: 'An agent runs another version of Squall than the controller.',
    hint: 'Install the same version everywhere, and start the agent anew.',
    exitCode: exitCodes.machine,
  },
  FABRIC_TARGET_NOT_ALLOWED: {
    summary: 'An agent refuses to make load on this target.',
    hint: 'Who runs the agent allows targets with --allow-target HOST.',
    exitCode: exitCodes.badInput,
  },
  FABRIC_RUN_EXISTS: {
    summary: 'A run of this id is in this Redis already.',
    hint: 'Take it over with --resume, or let the run have another id.',
    exitCode: exitCodes.badInput,
  },
  FABRIC_NO_SUCH_RUN: {
    summary: 'No run of this id is in this Redis: it has ended, or never began.',
    hint: 'The id stands in the first lines of the run that was interrupted, and in its journal.',
    exitCode: exitCodes.badInput,
  },
  FABRIC_OTHER_CONTROLLER: {
    summary: 'Another controller drives this run.',
    hint: 'A run has one controller at a time; end the other one first.',
    exitCode: exitCodes.badInput,
  },
  FABRIC_BAD_MESSAGE: {
    summary: 'Something in Redis is not what a controller or an agent of this version writes.',
    hint: 'Let nothing else write to keys that begin with squall.',
    exitCode: exitCodes.internal,
  },
  FABRIC_GENERATOR_REFUSED: {
    summary: 'A generator could not prepare its share of the plan.',
    hint: "The message above is the generator's own.",
    exitCode: exitCodes.internal,
  },
})
