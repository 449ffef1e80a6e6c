-- pg_dump empties the search path
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.a (x integer);
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT count(*)::integer FROM public.a';
INSERT INTO public.a SELECT public.f();
