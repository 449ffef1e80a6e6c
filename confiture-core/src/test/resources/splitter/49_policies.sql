-- Row security
CREATE TABLE a (owner name DEFAULT current_user, x int);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON a USING (owner = current_user) WITH CHECK (x > 0 AND owner <> ';');
CREATE POLICY "no; delete" ON a AS RESTRICTIVE FOR DELETE TO PUBLIC USING (false);
