/** Whether a content type, in letters of any size and with parameters or without, is that of a stream of events. */
export const isEventStream = (type: string): boolean => /^text\/event-stream/i.test(type)

/** Whether it is that of JSON. */
export const isJson = (type: string): boolean => /^application\/json/i.test(type)
