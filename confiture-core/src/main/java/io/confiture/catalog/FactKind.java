package io.confiture.catalog;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a {@link Fact} is about.
 *
 * @since 0.1.0
 */
public enum FactKind {
    SCHEMA("schema"),
    EXTENSION("extension"),
    /** Partitioned or not. */
    TABLE("table"),
    FOREIGN_TABLE("foreign table"),
    VIEW("view"),
    MATERIALIZED_VIEW("materialized view"),
    /** Also of a view or a composite type. */
    COLUMN("column"),
    /** Also of a domain. */
    CONSTRAINT("constraint"),
    INDEX("index"),
    TRIGGER("trigger"),
    RULE("rule"),
    POLICY("policy"),
    SEQUENCE("sequence"),
    /** Named with the types of its arguments. */
    FUNCTION("function"),
    /** Named with the types of its arguments. */
    PROCEDURE("procedure"),
    /** Named with the types of its arguments. */
    AGGREGATE("aggregate"),
    ENUM("enum"),
    DOMAIN("domain"),
    COMPOSITE_TYPE("composite type"),
    RANGE_TYPE("range type"),
    /** Part of its range type. */
    MULTIRANGE_TYPE("multirange type"),
    COLLATION("collation"),
    /** Named with the types of its operands. */
    OPERATOR("operator"),
    STATISTICS("statistics object"),
    CAST("cast"),
    PUBLICATION("publication"),
    PUBLISHED_TABLE("published table"),
    PUBLISHED_SCHEMA("published schema"),
    EVENT_TRIGGER("event trigger"),
    /** Named after the role that creates the objects, and their kind. */
    DEFAULT_PRIVILEGES("default privileges"),
    /** Named after the role; {@code public} is everybody, since no role can have that name. */
    GRANT("grant to"),
    /** What the owner may do, where that is not everything. Has no name. */
    OWNER_GRANT("grant to its owner"),
    /** Named after its provider. */
    SECURITY_LABEL("security label");

    private static final Map<String, FactKind> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toMap(FactKind::label, Function.identity()));

    private final String label;

    FactKind(String label) {
        this.label = label;
    }

    /** As people write it, such as {@code materialized view}; stable, and part of a written catalog. */
    public String label() {
        return label;
    }

    static Optional<FactKind> of(String label) {
        return Optional.ofNullable(BY_LABEL.get(label));
    }

    /** Whether it is something about a schema, rather than an object that lives in it. */
    boolean isAboutItsParent() {
        return switch (this) {
            case DEFAULT_PRIVILEGES, GRANT, OWNER_GRANT, SECURITY_LABEL -> true;
            default -> false;
        };
    }

    /** Whether the name is an identifier, rather than a text such as a signature. */
    boolean namedByIdentifier() {
        return switch (this) {
            case FUNCTION, PROCEDURE, AGGREGATE, OPERATOR, CAST, DEFAULT_PRIVILEGES, PUBLISHED_TABLE -> false;
            default -> true;
        };
    }
}
