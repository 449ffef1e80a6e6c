GRANT USAGE ON SCHEMA public TO "${report-role}";
