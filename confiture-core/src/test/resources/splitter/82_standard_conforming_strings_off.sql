-- With this setting a literal ends elsewhere than the lexer of any script reader thinks
CREATE TABLE a (x text);
SET standard_conforming_strings = off;
INSERT INTO a VALUES ('it\'s; one');
