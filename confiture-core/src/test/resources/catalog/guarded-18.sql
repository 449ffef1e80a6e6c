-- What servers know from version 18 on.
CREATE TABLE guarded.named_not_null (a integer CONSTRAINT must_be_there NOT NULL, b integer,
    c integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
ALTER TABLE guarded.named_not_null ADD CONSTRAINT b_some_day NOT NULL b NOT VALID;
ALTER TABLE guarded.named_not_null ADD CONSTRAINT not_now CHECK (a > 0) NOT ENFORCED;
CREATE TABLE guarded.temporal (id int4range, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
