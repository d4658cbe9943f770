import { principalOf, type Caller } from './request-context.ts'

/** To whom results and running queries belong: nobody else may read, see or end them. */
export type Owner = string

/** Callers that prove nothing, as all are on the same machine, own things together; the handles themselves cannot be guessed. */
export function ownerOf(caller: Caller): Owner {
  return principalOf(caller).id
}
