import { pino } from 'pino'

/** The log: one JSON line an event, on standard error so that standard output stays for people. */
export const createLog = (level: string) =>
  pino({ level, base: undefined, redact: ['req.headers.cookie', 'req.headers.authorization'] }, pino.destination(2))
export type Log = ReturnType<typeof createLog>
