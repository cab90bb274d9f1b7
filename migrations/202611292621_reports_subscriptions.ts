import type { Knex } from 'knex'

// Who wants to hear of new reports, of what and where: each category says whose its reports may come to.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE category
  ADD COLUMN may_subscribe text NOT NULL DEFAULT 'everybody' CHECK (may_subscribe IN ('everybody', 'staff', 'nobody'));
COMMENT ON COLUMN category.may_subscribe IS 'Who may be told of its new public reports: everybody with an account, staff only, or nobody';

CREATE TABLE subscriber (
  account_id bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  token      text NOT NULL UNIQUE,
  language   text NOT NULL CHECK (language IN ('el', 'en')),
  source     text NOT NULL
);
COMMENT ON TABLE  subscriber IS 'How the letters of who has subscriptions are written';
COMMENT ON COLUMN subscriber.account_id IS 'Who';
COMMENT ON COLUMN subscriber.token IS 'Ends all subscriptions without signing in, and opens nothing else';
COMMENT ON COLUMN subscriber.language IS 'Language of the page on which they last subscribed';
COMMENT ON COLUMN subscriber.source IS 'Address of this portal, as letters name it';

CREATE TABLE subscription (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id  bigint NOT NULL REFERENCES subscriber ON DELETE CASCADE,
  category_id bigint REFERENCES category ON DELETE CASCADE,
  area_layer  text,
  area_slug   text,
  geom        geometry(Point, 4326),
  radius_m    int CHECK (radius_m BETWEEN 50 AND 5000),
  -- A box around the circle: 111 km are a degree of latitude, and nearly one of longitude at the equator.
  reach       geometry(Polygon, 4326) GENERATED ALWAYS AS (
                ST_Expand(geom, radius_m / 111000.0 / GREATEST(cos(radians(ST_Y(geom))), 0.01), radius_m / 110000.0)) STORED,
  is_daily    boolean NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CHECK ((area_layer IS NULL) = (area_slug IS NULL)),
  CHECK ((geom IS NULL) = (radius_m IS NULL)),
  CHECK (area_layer IS NULL OR geom IS NULL),
  -- Who asks for the same again only says anew how often.
  CONSTRAINT subscription_same UNIQUE NULLS NOT DISTINCT (account_id, category_id, area_layer, area_slug, geom, radius_m)
);
-- which circles hold a new report
CREATE INDEX subscription_reach ON subscription USING gist (reach);
-- who listens to the areas of a new report
CREATE INDEX subscription_area ON subscription (area_layer, area_slug) WHERE area_layer IS NOT NULL;
-- who listens to a category in the whole town
CREATE INDEX subscription_town ON subscription (category_id) WHERE area_layer IS NULL AND geom IS NULL;
COMMENT ON TABLE  subscription IS 'New public reports that somebody wants to hear of';
COMMENT ON COLUMN subscription.id IS 'Key';
COMMENT ON COLUMN subscription.account_id IS 'Whose';
COMMENT ON COLUMN subscription.category_id IS 'Category, or group of categories; null: all';
COMMENT ON COLUMN subscription.area_layer IS 'Layer of the area in which; null: no area';
COMMENT ON COLUMN subscription.area_slug IS 'Area of that layer';
COMMENT ON COLUMN subscription.geom IS 'Point around which; null with no area: the whole town';
COMMENT ON COLUMN subscription.radius_m IS 'Metres around the point';
COMMENT ON COLUMN subscription.reach IS 'Box that holds the circle, for the index';
COMMENT ON COLUMN subscription.is_daily IS 'True: one letter each morning; false: within minutes';
COMMENT ON COLUMN subscription.created_at IS 'When';

CREATE TABLE subscription_inbox (
  report_id uuid PRIMARY KEY REFERENCES report ON DELETE CASCADE
);
COMMENT ON TABLE  subscription_inbox IS 'New reports for which nobody has looked yet who wants to hear of them';
COMMENT ON COLUMN subscription_inbox.report_id IS 'The report';

CREATE TABLE subscription_notice (
  subscription_id bigint NOT NULL REFERENCES subscription ON DELETE CASCADE,
  report_id       uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  due_at          timestamptz NOT NULL,
  PRIMARY KEY (subscription_id, report_id)
);
-- whose letter is due
CREATE INDEX subscription_notice_due ON subscription_notice (due_at);
-- a report that goes
CREATE INDEX subscription_notice_report ON subscription_notice (report_id);
COMMENT ON TABLE  subscription_notice IS 'Reports that somebody will be told of in the next letter';
COMMENT ON COLUMN subscription_notice.subscription_id IS 'What asked for it';
COMMENT ON COLUMN subscription_notice.report_id IS 'The report';
COMMENT ON COLUMN subscription_notice.due_at IS 'When the letter is to go';

-- In the transaction of the event: it is looked at if and only if the report is there.
CREATE FUNCTION subscription_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO subscription_inbox (report_id)
    SELECT r.id FROM report AS r WHERE r.id = NEW.subject_id::uuid AND r.is_public
        ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION subscription_note() IS 'Puts a new public report where subscriptions look for it';
CREATE TRIGGER subscription_note AFTER INSERT ON event FOR EACH ROW
  WHEN (NEW.type = 'report.created') EXECUTE FUNCTION subscription_note();
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
