-- confiture: placeholders=report-role meta.ticket=DATA-42
CREATE TABLE reports (id int PRIMARY KEY, made_by text DEFAULT '${report-role}'); -- a literal: stays as it is
GRANT SELECT ON reports TO "${report-role}";
