import { type DestinationStream, pino } from 'pino'

/** The log: one JSON line an event, on standard error so that standard output stays for people. */
export const createLog = (level: string, to: DestinationStream = pino.destination(2)) =>
  pino({ level, base: undefined, redact: ['req.headers.cookie', 'req.headers.authorization'] }, to)
export type Log = ReturnType<typeof createLog>
