import type { Knex } from 'knex'

// Who follows a report hears of it by mail when it moves. A trigger notes what has moved, so that no way of moving it is forgotten.
export const up = (db: Knex) =>
  db.raw(`
COMMENT ON COLUMN report.language IS 'Language of the page it was sent from, or that its reporter spoke; null: not known';
ALTER TABLE report_support ADD COLUMN language text CHECK (language IN ('el', 'en'));
COMMENT ON COLUMN report_support.language IS 'Language of the page, or that the person spoke; null: not known';

-- who follows a report
CREATE INDEX report_support_report ON report_support (report_id);

CREATE TABLE report_letter (
  token      text PRIMARY KEY DEFAULT replace(gen_random_uuid()::text, '-', ''),
  report_id  uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  support_id bigint REFERENCES report_support ON DELETE CASCADE,
  stopped_at timestamptz,
  CONSTRAINT report_letter_follower UNIQUE NULLS NOT DISTINCT (report_id, support_id)
);
-- a "me too" that goes
CREATE INDEX report_letter_support ON report_letter (support_id) WHERE support_id IS NOT NULL;
COMMENT ON TABLE  report_letter IS 'How letters about a report to one of those who follow it are ended';
COMMENT ON COLUMN report_letter.token IS 'Ends the letters, and opens nothing';
COMMENT ON COLUMN report_letter.report_id IS 'The report';
COMMENT ON COLUMN report_letter.support_id IS 'Who said "me too"; null: the reporter';
COMMENT ON COLUMN report_letter.stopped_at IS 'When the person ended them; null: they go on';

CREATE VIEW report_follower AS
SELECT f.report_id, f.support_id, f.follow_token, f.language, COALESCE(f.email, a.email) AS email, f.token, f.stopped_at
  FROM (SELECT r.id AS report_id, NULL::bigint AS support_id, r.follow_token, r.language, r.contact->>'email' AS email,
               r.reporter_id AS account_id, l.token, l.stopped_at
          FROM report AS r
          LEFT JOIN report_letter AS l ON l.report_id = r.id AND l.support_id IS NULL
         -- Who took the words back wants nothing any more.
         WHERE r.description <> ''
         UNION ALL
        SELECT s.report_id, s.id, s.follow_token, s.language, s.email, s.account_id, l.token, l.stopped_at
          FROM report_support AS s
          LEFT JOIN report_letter AS l ON l.support_id = s.id) AS f
  -- What is not proven may be somebody else's.
  LEFT JOIN account AS a ON a.id = f.account_id AND a.email_verified_at IS NOT NULL AND a.disabled_at IS NULL
 WHERE COALESCE(f.email, a.email) IS NOT NULL;
COMMENT ON VIEW   report_follower IS 'Who follows a report and can be reached by mail: its reporter, and those who said "me too"';
COMMENT ON COLUMN report_follower.report_id IS 'The report';
COMMENT ON COLUMN report_follower.support_id IS 'Who said "me too"; null: the reporter';
COMMENT ON COLUMN report_follower.follow_token IS 'Secret of the own private link';
COMMENT ON COLUMN report_follower.language IS 'null: not known';
COMMENT ON COLUMN report_follower.email IS 'As it was left, or the proven one of the account';
COMMENT ON COLUMN report_follower.token IS 'Ends the letters; null: there was none yet';
COMMENT ON COLUMN report_follower.stopped_at IS 'When the person ended them; null: they go on';

CREATE TABLE report_news (
  report_id     uuid PRIMARY KEY REFERENCES report ON DELETE CASCADE,
  from_entry_id bigint NOT NULL,
  changed_at    timestamptz NOT NULL
);
-- what is due
CREATE INDEX report_news_changed ON report_news (changed_at);
COMMENT ON TABLE  report_news IS 'Reports that have moved, of which those who follow them have not been told yet';
COMMENT ON COLUMN report_news.report_id IS 'The report';
COMMENT ON COLUMN report_news.from_entry_id IS 'First entry of the timeline, its own or of its main report, to tell of';
COMMENT ON COLUMN report_news.changed_at IS 'Last time that it moved';

-- In the transaction of what happens: it is told if and only if it has happened.
CREATE FUNCTION report_news_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO report_news AS n (report_id, from_entry_id, changed_at)
  SELECT moved.report_id, min(moved.entry_id), now()
    FROM (SELECT r.id AS report_id, e.id AS entry_id
            FROM entry AS e
            JOIN report AS r ON r.id = e.case_id
           WHERE e.is_public
             AND e.kind IN ('status', 'note', 'reopened', 'forwarded')
             -- Past reports are loaded with their stories.
             AND e.at >= now()
           UNION ALL
          -- What is treated together with it goes with it. Of a private main report nobody learns.
          SELECT m.id, e.id
            FROM entry AS e
            JOIN report AS r ON r.id = e.case_id AND r.is_public
            JOIN report AS m ON m.main_id = r.id
           WHERE e.is_public
             AND e.kind IN ('status', 'note', 'reopened', 'forwarded')
             AND e.at >= now()) AS moved
   GROUP BY moved.report_id
   ORDER BY moved.report_id
      ON CONFLICT (report_id) DO UPDATE SET from_entry_id = LEAST(n.from_entry_id, EXCLUDED.from_entry_id), changed_at = EXCLUDED.changed_at;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION report_news_note() IS 'Notes that those who follow a report are to be told what has happened';
CREATE TRIGGER report_news_note AFTER INSERT ON timeline_entry REFERENCING NEW TABLE AS entry
  FOR EACH STATEMENT EXECUTE FUNCTION report_news_note();
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
