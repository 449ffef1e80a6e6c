package io.confiture.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Generated text in the form that {@code pg_dump} writes, the same at every run.
 *
 * @param statements how many there are, or null where nobody has counted them
 */
@SuppressWarnings("ArrayRecordComponent") // a large text, compared by nobody
record DumpText(String name, byte[] text, @Nullable Integer statements) {
    private static final int ROWS = 500;

    /** What the rows are written as. */
    enum Rows {
        NONE,
        COPY,
        INSERT
    }

    /** A dump of at least so many bytes. */
    static DumpText generate(String name, Rows rows, int bytes) {
        Writer writer = new Writer(rows);
        writer.head();
        for (int table = 1; writer.text.length() < bytes; table++) {
            writer.table(table);
        }
        return new DumpText(name, writer.text.toString().getBytes(StandardCharsets.UTF_8), writer.statements);
    }

    private static final class Writer {
        private static final String[] WORDS = {
            "order",
            "customer's",
            "delivered;",
            "pending",
            "\"quoted\"",
            "naïve",
            "(see",
            "note)",
            "-- not",
            "$1",
            "100%"
        };

        private final Rows rows;
        private final Random random = new Random(42);
        final StringBuilder text = new StringBuilder();
        int statements;

        Writer(Rows rows) {
            this.rows = rows;
        }

        void head() {
            text.append("--\n-- PostgreSQL database dump\n--\n\n");
            for (String setting : new String[] {
                "statement_timeout = 0",
                "lock_timeout = 0",
                "client_encoding = 'UTF8'",
                "standard_conforming_strings = on",
                "check_function_bodies = false",
                "client_min_messages = warning",
                "row_security = off"
            }) {
                statement("SET " + setting);
            }
            statement("SELECT pg_catalog.set_config('search_path', '', false)");
        }

        void table(int i) {
            comment("touch_" + i + "()", "FUNCTION");
            statement("""
                    CREATE FUNCTION public.touch_%1$d() RETURNS trigger
                        LANGUAGE plpgsql
                        AS $$
                    BEGIN
                        -- the customer's last change; kept for reports
                        IF NEW.note IS DISTINCT FROM OLD.note THEN
                            NEW.changed_at := now();
                        END IF;
                        RETURN NEW;
                    END;
                    $$""".formatted(i));
            statement("ALTER FUNCTION public.touch_%d() OWNER TO app".formatted(i));
            comment("customer_" + i, "TABLE");
            statement("""
                    CREATE TABLE public.customer_%1$d (
                        id bigint NOT NULL,
                        name character varying(120) DEFAULT 'unknown; yet'::character varying NOT NULL,
                        note text,
                        amount numeric(12,2) DEFAULT 0.00,
                        changed_at timestamp with time zone DEFAULT now(),
                        CONSTRAINT customer_%1$d_amount_check CHECK ((amount >= (0)::numeric))
                    )""".formatted(i));
            statement("ALTER TABLE public.customer_%d OWNER TO app".formatted(i));
            statement("COMMENT ON TABLE public.customer_%d IS 'Everybody''s customers; one row each'".formatted(i));
            statement("""
                    CREATE SEQUENCE public.customer_%1$d_id_seq
                        START WITH 1
                        INCREMENT BY 1
                        NO MINVALUE
                        NO MAXVALUE
                        CACHE 1""".formatted(i));
            statement("ALTER SEQUENCE public.customer_%1$d_id_seq OWNED BY public.customer_%1$d.id".formatted(i));
            rows(i);
            statement("SELECT pg_catalog.setval('public.customer_%d_id_seq', %d, true)".formatted(i, ROWS));
            statement("ALTER TABLE ONLY public.customer_%1$d\n    ADD CONSTRAINT customer_%1$d_pkey PRIMARY KEY (id)"
                    .formatted(i));
            statement("CREATE INDEX customer_%1$d_name ON public.customer_%1$d USING btree (lower((name)::text))"
                    .formatted(i));
            statement(("CREATE TRIGGER touch BEFORE UPDATE ON public.customer_%1$d FOR EACH ROW"
                            + " EXECUTE FUNCTION public.touch_%1$d()")
                    .formatted(i));
        }

        private void rows(int i) {
            if (rows == Rows.NONE) {
                return;
            }
            comment("customer_" + i, "TABLE DATA");
            if (rows == Rows.COPY) {
                text.append("COPY public.customer_%d (id, name, note, amount, changed_at) FROM stdin;\n".formatted(i));
                statements++;
            }
            for (int row = 1; row <= ROWS; row++) {
                String name = words(3);
                String note = words(12);
                String amount = random.nextInt(100_000) + "." + (10 + random.nextInt(90));
                String time = "2026-01-%02d 10:%02d:00+00".formatted(1 + random.nextInt(28), random.nextInt(60));
                if (rows == Rows.COPY) {
                    text.append(row)
                            .append('\t')
                            .append(name)
                            .append('\t')
                            .append(note)
                            .append('\t');
                    text.append(amount).append('\t').append(time).append('\n');
                } else {
                    text.append("INSERT INTO public.customer_%d VALUES (%d, '%s', '%s', %s, '%s');\n"
                            .formatted(i, row, name.replace("'", "''"), note.replace("'", "''"), amount, time));
                    statements++;
                }
            }
            text.append(rows == Rows.COPY ? "\\.\n\n\n" : "\n\n");
        }

        private String words(int count) {
            StringBuilder words = new StringBuilder(WORDS[random.nextInt(WORDS.length)]);
            for (int i = 1; i < count; i++) {
                words.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
            }
            return words.toString();
        }

        private void comment(String name, String type) {
            text.append("--\n-- Name: %s; Type: %s; Schema: public; Owner: app\n--\n\n".formatted(name, type));
        }

        private void statement(String sql) {
            text.append(sql).append(";\n\n\n");
            statements++;
        }
    }
}
