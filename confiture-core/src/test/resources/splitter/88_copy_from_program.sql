-- A program on the server: no rows follow
CREATE TABLE a (x text);
COPY a FROM PROGRAM 'echo "1;"; echo FROM stdin';
COPY (SELECT x FROM a) TO PROGRAM 'cat > /dev/null; true';
INSERT INTO a VALUES ('after');
