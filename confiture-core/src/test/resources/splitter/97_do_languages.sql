-- DO with its language in front, behind or not at all, and literals of every kind
CREATE TABLE a (x text);
DO LANGUAGE plpgsql 'BEGIN INSERT INTO a VALUES (''one;''); END';
DO $x$ BEGIN INSERT INTO a VALUES ($$two;$$); END; $x$ LANGUAGE 'plpgsql';
DO E'BEGIN INSERT INTO a VALUES (\'three;\'); END';
DO U&'BEGIN INSERT INTO a VALUES (''four\003B''); END' LANGUAGE "plpgsql";
DO 'BEGIN INSERT INTO a '
   'VALUES (''five;''); END;';
DO $é$ BEGIN INSERT INTO a VALUES ($e$six; $É$ $e$); END $é$;
DO /* ; */ $$BEGIN END$$ -- ;
LANGUAGE plpgsql;
