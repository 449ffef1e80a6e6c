--liquibase formatted sql
--changeset test:1
CREATE TABLE by_liquibase (id int);
