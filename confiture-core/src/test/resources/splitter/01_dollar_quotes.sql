-- Semicolons and quotes in dollar-quoted bodies, tags within tags
CREATE TABLE log (message text);
CREATE FUNCTION shout(message text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  -- It's a comment; with a quote
  RETURN upper(message) || ';';
END;
$$;
CREATE FUNCTION build() RETURNS text LANGUAGE plpgsql AS $outer$
DECLARE
  body text := $inner$ SELECT $$a;b$$; $inner$;
BEGIN
  EXECUTE 'INSERT INTO public.log VALUES ($1);' USING body;
  RETURN $$ $outer $$;
END;
$outer$;
SELECT build();
INSERT INTO log VALUES (shout($$it's;$$)), ($$$$), ($a1$ $$;$a$ $a1$), ($é$;$e$;$é$);
