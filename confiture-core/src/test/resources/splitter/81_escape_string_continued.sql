-- A literal on the next line continues an E'' literal, backslashes and all; psql loses track there
CREATE TABLE a (x text);
INSERT INTO a VALUES (E'first'
  'second\'; still');
INSERT INTO a VALUES (E'first' -- a comment; may stand between
  -- and another
  'second\'; still');
