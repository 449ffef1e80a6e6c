-- confiture: transactional=false
DO $$ BEGIN CREATE TABLE seen (id int); COMMIT; PERFORM 1/0; END $$;
