import { CodedError, exitCodes, type ExitCode } from '@squall/errors'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { squallErrors } from '../../errors.ts'
import { toFailure } from '../run-file.ts'

const statusOfCode: Readonly<Record<string, number>> = {
  [squallErrors.SQUALL_SERVE_UNAUTHORIZED.code]: 401,
  [squallErrors.SQUALL_SERVE_FOREIGN.code]: 403,
  [squallErrors.SQUALL_SERVE_NOT_FOUND.code]: 404,
  [squallErrors.SQUALL_SERVE_NO_REPORT.code]: 404,
  [squallErrors.SQUALL_SERVE_NOT_NOW.code]: 409,
  [squallErrors.SQUALL_SERVE_KEY_REUSED.code]: 422,
  [squallErrors.SQUALL_SERVE_FULL.code]: 429,
}
const statusOfExit: Partial<Record<ExitCode, number>> = { [exitCodes.badInput]: 400, [exitCodes.machine]: 503 }

const inWords: Readonly<Record<number, string>> = {
  413: 'the body is larger than a megabyte',
  415: 'the body is no JSON: send it with the header content-type: application/json',
}

/** Answers what is no address at all, which no route and no hook is asked about. */
export function refuseAddress({ message, statusCode = 400 }: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  send(reply, CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { message }), statusCode)
}

/** Answers what cannot be done, in one form. @param onDefect told of what is nobody's mistake but ours. */
export function answerRefusals(app: FastifyInstance, onDefect: (error: unknown) => void): void {
  app.setNotFoundHandler(({ method, url }, reply) => {
    const message = `there is nothing at ${method} ${url}`
    send(reply, CodedError.refusal(squallErrors.SQUALL_SERVE_NOT_FOUND, { message }))
  })
  app.setErrorHandler((error: Error & { readonly statusCode?: number }, _request, reply) => {
    if (error instanceof CodedError) return send(reply, error)
    const { statusCode = 500 } = error
    // Fastify's own: no JSON, too large, of another type.
    if (statusCode < 500) {
      const message = inWords[statusCode] ?? error.message
      return send(reply, CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { message }), statusCode)
    }
    onDefect(error)
    return send(reply, new CodedError(squallErrors.SQUALL_SERVE_DEFECT))
  })
}

function send(reply: FastifyReply, error: CodedError, status = statusOf(error)): void {
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  void reply.code(status).send({ error: toFailure(error) })
}

const statusOf = ({ code, exitCode }: CodedError): number => statusOfCode[code] ?? statusOfExit[exitCode] ?? 500
