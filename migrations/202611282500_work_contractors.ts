import type { Knex } from 'knex'

// A contractor is a crew that is asked first: what comes onto its tour is an offer until it answers.
export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE crew
  ADD COLUMN is_contractor boolean NOT NULL DEFAULT false,
  ADD COLUMN contract_ref  text;
COMMENT ON COLUMN crew.is_contractor IS 'True: people of another firm, who accept or decline each order';
COMMENT ON COLUMN crew.contract_ref IS 'Number of its contract, in words; null: none was given';

ALTER TABLE work_order
  ADD COLUMN offer       text CHECK (offer IN ('offered', 'accepted', 'declined')),
  ADD COLUMN price_cents bigint CHECK (price_cents >= 0),
  ADD COLUMN offered_at  timestamptz,
  ADD COLUMN answered_at timestamptz,
  ADD CONSTRAINT work_order_price CHECK (price_cents IS NULL OR offer = 'accepted');
COMMENT ON COLUMN work_order.offer IS 'offered: its contractor has not answered; accepted; declined: nobody has planned it since; null: of an own crew, or on no tour';
COMMENT ON COLUMN work_order.price_cents IS 'Price at which the contractor has accepted, euro cents; null: none was named';
COMMENT ON COLUMN work_order.offered_at IS 'When it came onto the tour of the contractor';
COMMENT ON COLUMN work_order.answered_at IS 'When the contractor answered';

-- Here no way onto a tour can forget it: by hand, by the plan of a day, or another that is yet to come.
CREATE FUNCTION work_order_offer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.offer := CASE WHEN NEW.status = 'planned' AND (SELECT is_contractor FROM crew WHERE id = NEW.crew_id) THEN 'offered' END;
  NEW.offered_at := CASE WHEN NEW.offer IS NOT NULL THEN now() END;
  NEW.price_cents := NULL;
  NEW.answered_at := NULL;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION work_order_offer() IS 'Offers an order that comes onto the tour of a contractor, and forgets the offer when it leaves';
CREATE TRIGGER work_order_made BEFORE INSERT ON work_order
  FOR EACH ROW EXECUTE FUNCTION work_order_offer();
-- What is done on a tour, and where in it, is no other offer; what was not possible and is planned again is one.
CREATE TRIGGER work_order_moved BEFORE UPDATE OF crew_id, day_on, status ON work_order
  FOR EACH ROW
  WHEN (OLD.crew_id IS DISTINCT FROM NEW.crew_id OR OLD.day_on IS DISTINCT FROM NEW.day_on
        OR (NEW.status = 'draft' AND OLD.status <> 'draft')
        OR (NEW.status = 'planned' AND OLD.status NOT IN ('planned', 'under_way')))
  EXECUTE FUNCTION work_order_offer();

ALTER TABLE work_act
  DROP CONSTRAINT work_act_refusal_check,
  ADD CONSTRAINT work_act_refusal_check CHECK (refusal IN ('finished', 'cancelled', 'given_away', 'not_accepted'));

ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected', 'forwarded', 'refused', 'undone',
     'accepted', 'declined'))
    NOT VALID;
ALTER TABLE timeline_entry VALIDATE CONSTRAINT timeline_entry_kind_check;
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
