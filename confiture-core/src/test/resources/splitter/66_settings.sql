-- Settings of the transaction and the session
SET lock_timeout = '5s';
SET LOCAL statement_timeout TO '1min';
SET TIME ZONE 'Asia/Tokyo';
SET DateStyle = 'ISO, DMY';
SET search_path TO app, public;
CREATE SCHEMA app;
CREATE TABLE a (at timestamptz DEFAULT '2026-01-02 03:04:05', d date);
INSERT INTO a (d) VALUES ('03/04/2026');
SET CONSTRAINTS ALL IMMEDIATE;
RESET ALL;
