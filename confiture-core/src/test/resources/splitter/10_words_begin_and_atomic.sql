-- begin, atomic, case and end as names, outside of bodies
CREATE TABLE begin (atomic int, begin int, "end" int, "case" int);
INSERT INTO begin (begin, atomic) VALUES (1, 2);
CREATE VIEW v AS SELECT begin atomic FROM begin;
CREATE PROCEDURE atomic(begin int) LANGUAGE sql BEGIN /* ; */ ATOMIC -- ; END;
  UPDATE begin SET begin = $1, atomic = CASE WHEN begin.atomic = 2 THEN atomic END;
END;
CALL atomic(7);
