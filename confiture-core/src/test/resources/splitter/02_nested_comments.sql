-- Block comments nest, line comments do not
CREATE TABLE a (x int /* outer; /* inner; */ still outer; */);
/* one /* two /* three; */ */ ; DROP TABLE a; */
/*/ not closed by its own slash; */
/***/ INSERT INTO a VALUES (1 /**/);
-- /* not opened
INSERT INTO a VALUES (2); -- */ not closed;
INSERT INTO a VALUES (3 --; /*
);
