import type { Knex } from 'knex'

// The public holidays of Greece were all that promises knew; a town has a patron saint, elections and strikes of its own.
// Promises that were given are stored with their reports: they stay as they are.
export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE local_day (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day_on    date NOT NULL CHECK (day_on BETWEEN '2000-01-01' AND '2099-12-31'),
  is_yearly boolean NOT NULL DEFAULT false,
  is_worked boolean NOT NULL DEFAULT false,
  title     jsonb NOT NULL,
  month_day int NOT NULL GENERATED ALWAYS AS ((extract(month FROM day_on) * 100 + extract(day FROM day_on))::int) STORED
);
CREATE UNIQUE INDEX local_day_once ON local_day (day_on) WHERE NOT is_yearly;
CREATE UNIQUE INDEX local_day_yearly ON local_day (month_day) WHERE is_yearly;
COMMENT ON TABLE  local_day IS 'Days off of the town beside weekends and the public holidays of Greece, and days on which it works all the same';
COMMENT ON COLUMN local_day.id IS 'Key';
COMMENT ON COLUMN local_day.day_on IS 'Day, Europe/Athens; of one that comes every year the first';
COMMENT ON COLUMN local_day.is_yearly IS 'True: on this day of every year from then on';
COMMENT ON COLUMN local_day.is_worked IS 'False: a day off; true: worked all the same';
COMMENT ON COLUMN local_day.title IS 'What day it is, by language';
COMMENT ON COLUMN local_day.month_day IS 'Month and day as one number, 1206 is 6 December';

ALTER FUNCTION is_working_day(date) RENAME TO is_national_working_day;
COMMENT ON FUNCTION is_national_working_day(date) IS 'Monday to Friday and no public holiday of Greece (fixed days, Clean Monday, Good Friday, Easter Monday, Whit Monday)';

-- Joined, not asked day by day: a function that reads a table is not inlined. A day of its own counts more than one of every year.
CREATE FUNCTION working_days(first_on date, last_on date) RETURNS SETOF date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT step::date
    FROM generate_series(first_on::timestamp, last_on::timestamp, interval '1 day') AS step
    LEFT JOIN local_day AS o ON o.day_on = step::date AND NOT o.is_yearly
    LEFT JOIN local_day AS y ON y.month_day = (extract(month FROM step) * 100 + extract(day FROM step))::int
                            AND y.is_yearly
                            AND y.day_on <= step::date
   WHERE COALESCE(o.is_worked, y.is_worked, is_national_working_day(step::date))
$$;
COMMENT ON FUNCTION working_days(date, date) IS 'Days on which the town works, first and last included: by the calendar of Greece and its own days (local_day)';

CREATE FUNCTION is_working_day(day date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM working_days(day, day))
$$;
COMMENT ON FUNCTION is_working_day(date) IS 'Whether the town works on that day: see working_days()';

CREATE OR REPLACE FUNCTION add_working_days(start_at timestamptz, days int) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT ((max(day) + time '23:59:59') AT TIME ZONE 'Europe/Athens')
    FROM (SELECT day
            FROM working_days((start_at AT TIME ZONE 'Europe/Athens')::date + 1,
                              (start_at AT TIME ZONE 'Europe/Athens')::date + days * 2 + 30) AS day
           ORDER BY day
           LIMIT greatest(days, 1)) AS working
$$;

-- A month longer than the hours need at most by the calendar of Greece: strikes are long.
CREATE OR REPLACE FUNCTION add_working_hours(start_at timestamptz, hours int) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT until - (counted - make_interval(hours => hours))
    FROM (SELECT until, sum(until - since) OVER (ORDER BY since) AS counted
            FROM (SELECT greatest(day::timestamp AT TIME ZONE 'Europe/Athens', start_at) AS since,
                         (day + interval '1 day') AT TIME ZONE 'Europe/Athens' AS until
                    FROM working_days((start_at AT TIME ZONE 'Europe/Athens')::date,
                                      (start_at AT TIME ZONE 'Europe/Athens')::date + hours / 12 + 40) AS day) AS working) AS running
   WHERE counted >= make_interval(hours => hours)
   ORDER BY until
   LIMIT 1
$$;

CREATE OR REPLACE FUNCTION working_days_between(from_at timestamptz, to_at timestamptz) RETURNS int
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT count(*)::int
    FROM working_days((from_at AT TIME ZONE 'Europe/Athens')::date + 1, (to_at AT TIME ZONE 'Europe/Athens')::date)
$$;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
