import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE category_form (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  category_id bigint NOT NULL REFERENCES category ON DELETE CASCADE,
  version     int NOT NULL CHECK (version > 0),
  questions   jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(questions) = 'array'),
  stops       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(stops) = 'array'),
  created_at  timestamptz NOT NULL DEFAULT now(),
  created_by  bigint REFERENCES account ON DELETE SET NULL,
  UNIQUE (category_id, version)
);
COMMENT ON TABLE  category_form IS 'What a category asks, version by version; a row never changes, so that old reports keep the questions they were asked';
COMMENT ON COLUMN category_form.id IS 'Key';
COMMENT ON COLUMN category_form.category_id IS 'Whose questions';
COMMENT ON COLUMN category_form.version IS 'Counted from 1 for each category';
COMMENT ON COLUMN category_form.questions IS 'In order: code, type, titles, options, condition, who may see the answer';
COMMENT ON COLUMN category_form.stops IS 'When to call somebody instead of writing: words, telephone, condition, hours';
COMMENT ON COLUMN category_form.created_at IS 'Since when it is asked';
COMMENT ON COLUMN category_form.created_by IS 'Who wrote it; null: came with the city';

ALTER TABLE category
  ADD COLUMN form_id     bigint REFERENCES category_form,
  ADD COLUMN rank        int NOT NULL DEFAULT 1000,
  ADD COLUMN needs_photo boolean NOT NULL DEFAULT false,
  ADD COLUMN retired_at  timestamptz;
COMMENT ON COLUMN category.form_id IS 'What it asks now; null: nothing beyond the words';
COMMENT ON COLUMN category.rank IS 'Lower comes first among those of the same group, then the key';
COMMENT ON COLUMN category.needs_photo IS 'True: no report of it without a photo';
COMMENT ON COLUMN category.retired_at IS 'From then on it takes no new reports; old ones stay as they are';
COMMENT ON COLUMN category.id IS 'Key; order in lists where the rank is the same';

ALTER TABLE report
  ADD COLUMN form_id bigint REFERENCES category_form,
  ADD COLUMN answers jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN report.form_id IS 'The questions it was asked; null: none';
COMMENT ON COLUMN report.answers IS 'Answers by the code of the question, typed as it says; who may see each, the question says';

CREATE FUNCTION public_answers(answers jsonb, questions jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(jsonb_object_agg(q->>'code', answers->(q->>'code')), '{}')
    FROM jsonb_array_elements(questions) AS q
   WHERE (q->>'is_public')::boolean
     AND answers->(q->>'code') IS NOT NULL
$$;
COMMENT ON FUNCTION public_answers(jsonb, jsonb) IS 'The answers that anybody may see, by code';

CREATE FUNCTION answers_in_words(answers jsonb, questions jsonb, is_all boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(jsonb_agg(q || jsonb_build_object('value', answers->(q->>'code')) ORDER BY n), '[]')
    FROM jsonb_array_elements(questions) WITH ORDINALITY AS t (q, n)
   WHERE (is_all OR (q->>'is_public')::boolean)
     AND answers->(q->>'code') IS NOT NULL
$$;
COMMENT ON FUNCTION answers_in_words(jsonb, jsonb, boolean) IS 'Answers with the questions they answer, in order; is_all: also those that only staff and the reporter may see';

CREATE OR REPLACE VIEW public_report AS
  SELECT r.id, k.protocol, c.slug AS category, c.title->>'el' AS category_el, c.title->>'en' AS category_en, r.status, r.district,
         d.slug AS department, r.created_at, r.updated_at, r.due_at, r.closed_at, r.geom,
         CASE WHEN r.answers <> '{}' THEN public_answers(r.answers, f.questions) END AS answers
    FROM report AS r
    JOIN case_record AS k ON k.id = r.id
    JOIN category AS c ON c.id = r.category_id
    LEFT JOIN department AS d ON d.id = r.department_id
    LEFT JOIN category_form AS f ON f.id = r.form_id
   WHERE r.is_public;
COMMENT ON VIEW public_report IS 'Public reports as open data: no words, no names, no contacts, no photos; of the answers only those that are public';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
