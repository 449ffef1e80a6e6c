CREATE INDEX CONCURRENTLY people_last_name ON people (last_name);
