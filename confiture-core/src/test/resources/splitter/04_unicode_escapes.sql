-- U& literals and names, with their own escape character
CREATE TABLE U&"d\0061t\+000061;" (U&"!0061""b" UESCAPE '!' text);
INSERT INTO "data;" VALUES (U&'\0441\043B;\\'), (u&'d!0061;''' UESCAPE '!');
CREATE INDEX CONCURRENTLY ON U&"d$0061ta;" UESCAPE '$' ("a""b");
