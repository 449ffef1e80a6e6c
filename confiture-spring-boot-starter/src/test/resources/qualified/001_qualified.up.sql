CREATE TABLE public.qualified (id int);
INSERT INTO public.qualified VALUES (1);
