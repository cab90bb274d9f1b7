import type { Knex } from 'knex'

// Animals that are looked for and animals that are found: which of the two a category collects is said in its row, and what its
// questions tell of the animal (`means`) in its form.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE category
  ADD COLUMN pet_side text CHECK (pet_side IN ('lost', 'found')),
  ADD CONSTRAINT category_side_is_of_pets CHECK (pet_side IS NULL OR kind = 'pet');
COMMENT ON COLUMN category.pet_side IS 'Its animals are looked for (lost) or have been seen (found): each is matched with the other; null: with none';
COMMENT ON COLUMN category_form.questions IS 'In order: code, type, titles, options, condition, what the answer means, who may see it';

-- matching animals: what is open of a category around a place
CREATE INDEX report_open_place ON report USING gist (category_id, geom) WHERE closed_at IS NULL;
-- the same for one with the same microchip, wherever it is
CREATE INDEX report_open_answers ON report USING gin (answers jsonb_path_ops) WHERE closed_at IS NULL;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
