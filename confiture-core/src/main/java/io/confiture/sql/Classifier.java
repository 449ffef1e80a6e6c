package io.confiture.sql;

import io.confiture.sql.StatementEffect.CreateIndexConcurrently;
import io.confiture.sql.StatementEffect.CreateShared;
import io.confiture.sql.StatementEffect.DetachPartitionConcurrently;
import io.confiture.sql.StatementEffect.DropIndexConcurrently;
import io.confiture.sql.StatementEffect.DropShared;
import io.confiture.sql.StatementEffect.Procedural;
import io.confiture.sql.StatementEffect.ReindexConcurrently;
import io.confiture.sql.StatementEffect.Rerunnable;
import io.confiture.sql.StatementEffect.TransactionControl;
import io.confiture.sql.StatementEffect.TransactionControl.Kind;
import io.confiture.sql.StatementEffect.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a statement's leading tokens what running it means. What it does not recognise is transactional: if it is no
 * SQL either, the server says so.
 */
final class Classifier {
    private static final StatementEffect TRANSACTIONAL = new Transactional();
    private static final StatementEffect PROCEDURAL = new Procedural();

    private final LeadingTokens tokens;
    private final boolean setsConfig;
    private final TokenCursor cursor;

    /** @param setsConfig whether the statement holds the word {@code set_config} anywhere */
    Classifier(LeadingTokens tokens, boolean setsConfig) {
        this.tokens = tokens;
        this.setsConfig = setsConfig;
        this.cursor = new TokenCursor(tokens);
    }

    StatementEffect effect() {
        cursor.moveTo(1);
        StatementEffect effect = switch (first()) {
            case "begin" -> transactionControl(Kind.BEGIN);
            case "start" -> accept("transaction") ? transactionControl(Kind.BEGIN) : TRANSACTIONAL;
            case "commit", "end" ->
                accept("prepared")
                        ? new TransactionControl(Kind.COMMIT_PREPARED, false)
                        : transactionControl(Kind.COMMIT);
            case "rollback", "abort" -> rollback();
            case "prepare" ->
                accept("transaction") ? new TransactionControl(Kind.PREPARE_TRANSACTION, false) : TRANSACTIONAL;
            case "call", "do" -> PROCEDURAL;
            case "create" -> create();
            case "drop" -> drop();
            case "alter" -> alter();
            case "reindex" -> reindex();
            case "vacuum" -> new Rerunnable("VACUUM");
            case "cluster" -> cluster();
            case "set" -> set();
            case "discard" -> accept("all") ? RefusedSettings.discardAll() : TRANSACTIONAL;
            default -> setsConfig ? setConfig() : TRANSACTIONAL;
        };
        return effect;
    }

    boolean changesSession() {
        cursor.moveTo(1);
        return switch (first()) {
            case "set" -> !accept("local") && !accept("transaction") && !accept("constraints");
            case "prepare" -> !accept("transaction");
            case "reset", "discard", "listen", "unlisten", "deallocate", "load" -> true;
            case "declare" -> contains("hold");
            default -> setsConfig;
        };
    }

    private StatementEffect transactionControl(Kind kind) {
        if (!accept("work")) {
            accept("transaction");
        }
        return new TransactionControl(kind, cursor.atEnd());
    }

    private StatementEffect rollback() {
        if (accept("prepared")) {
            return new TransactionControl(Kind.ROLLBACK_PREPARED, false);
        }
        StatementEffect whole = transactionControl(Kind.ROLLBACK);
        return accept("to") ? TRANSACTIONAL : whole;
    }

    private StatementEffect create() {
        String shared = sharedKind();
        if (shared != null) {
            ObjectName name = name();
            return name == null ? TRANSACTIONAL : new CreateShared(shared, name.name());
        }
        accept("unique");
        if (!accept("index", "concurrently")) {
            return TRANSACTIONAL;
        }
        boolean ifNotExists = accept("if", "not", "exists");
        ObjectName index = cursor.isNext("on") ? null : name();
        if (!accept("on")) {
            return TRANSACTIONAL;
        }
        accept("only");
        ObjectName table = name();
        return table == null ? TRANSACTIONAL : new CreateIndexConcurrently(index, table, ifNotExists);
    }

    private StatementEffect drop() {
        String shared = sharedKind();
        if (shared != null) {
            boolean ifExists = accept("if", "exists");
            ObjectName name = name();
            return name == null ? TRANSACTIONAL : new DropShared(shared, name.name(), ifExists);
        }
        if (!accept("index", "concurrently")) {
            return TRANSACTIONAL;
        }
        boolean ifExists = accept("if", "exists");
        List<ObjectName> indexes = new ArrayList<>();
        do {
            ObjectName index = name();
            if (index == null) {
                return TRANSACTIONAL;
            }
            indexes.add(index);
        } while (accept(","));
        return new DropIndexConcurrently(indexes, ifExists);
    }

    private @Nullable String sharedKind() {
        for (String kind : List.of("database", "tablespace", "subscription")) {
            if (accept(kind)) {
                return kind.toUpperCase(Locale.ROOT);
            }
        }
        return null;
    }

    private StatementEffect alter() {
        if (accept("system")) {
            return new Rerunnable("ALTER SYSTEM");
        }
        if (accept("database")) {
            return name() != null && accept("set", "tablespace") ? new Rerunnable("ALTER DATABASE") : TRANSACTIONAL;
        }
        if (accept("subscription")) {
            return alterSubscription();
        }
        if (!accept("table")) {
            return TRANSACTIONAL;
        }
        accept("if", "exists");
        accept("only");
        ObjectName parent = name();
        accept("*");
        if (parent == null || !accept("detach", "partition")) {
            return TRANSACTIONAL;
        }
        ObjectName partition = name();
        return partition != null && accept("concurrently")
                ? new DetachPartitionConcurrently(parent, partition)
                : TRANSACTIONAL;
    }

    private StatementEffect alterSubscription() {
        if (name() == null) {
            return TRANSACTIONAL;
        }
        if (accept("refresh") || accept("set", "publication")) {
            return new Rerunnable("ALTER SUBSCRIPTION");
        }
        return accept("add", "publication") || accept("drop", "publication") ? PROCEDURAL : TRANSACTIONAL;
    }

    private StatementEffect reindex() {
        boolean concurrently = accept("(") && concurrentlyAmongOptions();
        String kind = cursor.next().word();
        cursor.moveTo(cursor.at() + 1);
        concurrently |= accept("concurrently");
        return switch (kind) {
            case "index", "table" -> {
                ObjectName object = concurrently ? name() : null;
                yield object == null ? TRANSACTIONAL : new ReindexConcurrently(upper(kind), object);
            }
            case "schema", "database", "system" ->
                concurrently ? new ReindexConcurrently(upper(kind), name()) : new Rerunnable("REINDEX " + upper(kind));
            default -> TRANSACTIONAL;
        };
    }

    /** Reads the options to their closing parenthesis. */
    private boolean concurrentlyAmongOptions() {
        boolean concurrently = false;
        while (!cursor.atEnd() && !accept(")")) {
            if (accept("concurrently")) {
                concurrently = !accept("false") && !accept("off") && !accept("0");
            } else {
                cursor.moveTo(cursor.at() + 1);
            }
        }
        return concurrently;
    }

    private static String upper(String kind) {
        return kind.toUpperCase(Locale.ROOT);
    }

    private StatementEffect cluster() {
        if (accept("(")) {
            while (!cursor.atEnd() && !accept(")")) {
                cursor.moveTo(cursor.at() + 1);
            }
        } else {
            accept("verbose");
        }
        return cursor.atEnd() ? new Rerunnable("CLUSTER") : TRANSACTIONAL;
    }

    private StatementEffect set() {
        if (!accept("local")) {
            accept("session");
        }
        boolean names = accept("names");
        ObjectName setting = names ? new ObjectName(null, "client_encoding") : name();
        if (setting == null || !names && !accept("to") && !accept("=")) {
            return TRANSACTIONAL;
        }
        StringBuilder value = new StringBuilder();
        for (int i = cursor.at(); i < tokens.count(); i++) {
            value.append(tokens.get(i).value());
        }
        return orTransactional(RefusedSettings.check(setting.name(), value.toString()));
    }

    private StatementEffect setConfig() {
        // A definition only holds the call, and where names or values are computed the driver has the last word.
        for (int i = 0; i < tokens.count() && !first().equals("create"); i++) {
            if (tokens.get(i).word().equals("set_config")
                    && tokens.get(i + 3).word().equals(",")) {
                StatementEffect refused = RefusedSettings.check(
                        tokens.get(i + 2).value(), tokens.get(i + 4).value());
                if (refused != null) {
                    return refused;
                }
            }
        }
        return TRANSACTIONAL;
    }

    private static StatementEffect orTransactional(@Nullable StatementEffect effect) {
        return effect == null ? TRANSACTIONAL : effect;
    }

    private String first() {
        return tokens.get(0).word();
    }

    private boolean contains(String word) {
        for (int i = 0; i < tokens.count(); i++) {
            if (tokens.get(i).word().equals(word)) {
                return true;
            }
        }
        return false;
    }

    private boolean accept(String... words) {
        return cursor.accept(words);
    }

    private @Nullable ObjectName name() {
        return cursor.name();
    }
}
