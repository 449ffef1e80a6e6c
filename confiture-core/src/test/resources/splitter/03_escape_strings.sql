-- Backslashes escape in E'' only
CREATE TABLE a (x text);
INSERT INTO a VALUES (E'it\'s; '), (e'\\'), (E'''\\'''), (E'a\nb;');
INSERT INTO a VALUES ('plain'
  'plain\');
CREATE DOMAIN note AS text;
INSERT INTO a VALUES (note'C:\'), (note 'D:\');
CREATE DOMAIN lake AS text;
INSERT INTO a VALUES (lakE'E:\');
