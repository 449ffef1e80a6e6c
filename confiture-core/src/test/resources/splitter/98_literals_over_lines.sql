-- Literals that go on in the next line, of every kind that may
CREATE TABLE a (x text, b bytea);
INSERT INTO a VALUES ('one;' -- ;'
  'two\'
	'three'';'), (U&'\0441;' 
  '\043B' UESCAPE '\'), (U&'a!003B'
'!003B;' UESCAPE '!');
INSERT INTO a (b) VALUES ('41;'

'42'::text::bytea), ('01'
'11'::text::bytea);
INSERT INTO a VALUES (N'n;'
'\'), ('x' /* no part of it; */ || 'y;'), (E'z\\'
'\\;');
