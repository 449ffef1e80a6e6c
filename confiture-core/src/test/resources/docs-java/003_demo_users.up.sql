-- confiture: labels=dev,demo
INSERT INTO users (email) VALUES ('demo@example.org');
