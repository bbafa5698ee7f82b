-- Marking by exercise, banks that are searched, and what clients did while nobody heard them.

-- Who marks one top-level exercise of a copy, where that is not its corrector.
CREATE TABLE exercise_assignment (
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  exercise_id TEXT NOT NULL CHECK (exercise_id <> ''),
  corrector_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  assigned_at {BIGINT} NOT NULL,
  dispatch_run TEXT,
  PRIMARY KEY (copy_id, exercise_id)
) {STRICT};
CREATE INDEX exercise_assignment_corrector ON exercise_assignment (corrector_id, copy_id);

-- Text as it is searched: letters and digits only, without accents and case.
ALTER TABLE annotation_template ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
ALTER TABLE user_annotation ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX user_annotation_text ON user_annotation (user_id, text);

-- One row for each operation a client ever sent, under the client's id: what it was and what became of it.
CREATE TABLE copy_operation (
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  position {BIGINT} NOT NULL,                       -- order of arrival at the copy
  operation TEXT NOT NULL,                          -- JSON
  outcome TEXT NOT NULL CHECK (outcome IN ('APPLIED', 'CONFLICT', 'REFUSED', 'DISMISSED')),
  reason TEXT NOT NULL DEFAULT '',                  -- a stable code, when it was not applied
  found TEXT NOT NULL DEFAULT '{}',                 -- JSON: what a conflict met
  received_at {BIGINT} NOT NULL,
  resolved_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  resolved_at {BIGINT},
  PRIMARY KEY (copy_id, id),
  UNIQUE (copy_id, position)
) {STRICT};
CREATE INDEX copy_operation_user ON copy_operation (user_id);
CREATE INDEX copy_operation_resolver ON copy_operation (resolved_by);
CREATE INDEX copy_operation_conflict ON copy_operation (copy_id, position) WHERE outcome = 'CONFLICT';
