-- Trigger functions and triggers
CREATE TABLE a (x int, changed boolean);
CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.changed := true;
  END IF;
  RETURN NEW;
END;
$body$;
CREATE TRIGGER a_mark BEFORE INSERT OR UPDATE OF x ON a FOR EACH ROW WHEN (NEW.x > 0) EXECUTE FUNCTION mark();
INSERT INTO a VALUES (0), (1);
ALTER TABLE a DISABLE TRIGGER a_mark;
