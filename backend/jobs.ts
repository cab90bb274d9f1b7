// Table of contents: every kind of job, listed by hand.
import { photoRemovalJob } from './cases/service.ts'
import type { JobKind } from './core/jobs.ts'
import { mailJob } from './core/mail.ts'
import { smsJob } from './core/sms.ts'
import { statisticsJob } from './insights/jobs.ts'
import { forgetFormerJob } from './layers/former/jobs.ts'
import { importSweepJob } from './layers/imports/jobs.ts'
import { forgetChangesJob } from './opendata/changes/jobs.ts'
import { prepareJob, sweepPreparedJob } from './opendata/prepared/jobs.ts'
import { versionsJob } from './opendata/versions/jobs.ts'
import { deliveryJob, queueJob } from './opendata/webhooks/jobs.ts'
import { passwordLinkJob, sweepJob } from './people/service.ts'
import { walkNetworkJob } from './places/service.ts'
import { expireJob } from './reports/expiry.ts'
import { readingJob, readingsJob } from './reports/forwarding/read.ts'
import { forwardJob } from './reports/forwarding/send.ts'
import { newsJob, newsLetterJob } from './reports/letters/letters.ts'
import { retentionJob } from './reports/retention/run.ts'
import { letterJob, subscriptionsJob } from './reports/subscriptions/letters.ts'
import { usualTimesJob } from './reports/usual.ts'

export const jobKinds = [
  mailJob,
  smsJob,
  passwordLinkJob,
  sweepJob,
  retentionJob,
  photoRemovalJob,
  queueJob,
  deliveryJob,
  importSweepJob,
  forgetFormerJob,
  forwardJob,
  readingsJob,
  readingJob,
  forgetChangesJob,
  versionsJob,
  prepareJob,
  sweepPreparedJob,
  statisticsJob,
  usualTimesJob,
  expireJob,
  subscriptionsJob,
  letterJob,
  newsJob,
  newsLetterJob,
  walkNetworkJob,
] as readonly JobKind<never>[]
