package io.confiture.error;

/**
 * The stable name of a failure. The families ({@code CONFIG_*}, {@code MIGR_*}, {@code ROLLBACK_*}, {@code LOCK_*},
 * {@code HOOK_*}) are those of the original Confiture; {@code docs/troubleshooting.md} lists each code with cause and
 * remedy.
 *
 * @since 0.1.0
 */
public enum ErrorCode {
    INVALID_CONFIGURATION("CONFIG_001"),
    LOCATION_MISSING("CONFIG_002"),
    LEDGER_AMBIGUOUS("CONFIG_003"),
    LEDGER_UNKNOWN_SHAPE("CONFIG_004"),
    LOCK_CONNECTION_UNKNOWN("CONFIG_005"),
    CONNECTION_FAILED("CONFIG_006"),
    LISTENER_CYCLE("CONFIG_007"),
    LEDGER_SHARED("CONFIG_008"),
    PROTECTED_DATABASE("CONFIG_009"),

    MIGRATION_UNKNOWN("MIGR_100"),
    ALREADY_APPLIED("MIGR_101"),
    NOT_APPLIED("MIGR_102"),
    DUPLICATE_VERSION("MIGR_103"),
    BAD_FILE_NAME("MIGR_104"),
    STATEMENT_FAILED("MIGR_106"),
    TRANSACTION_CONTROL("MIGR_107"),
    SCRIPT_SYNTAX("MIGR_108"),
    UNKNOWN_DIRECTIVE("MIGR_109"),
    REFUSED_SETTING("MIGR_110"),
    OUT_OF_ORDER("MIGR_111"),
    MIGRATION_MISSING("MIGR_112"),
    CHECKSUM_MISMATCH("MIGR_113"),
    PARTIAL_CHANGED("MIGR_114"),
    IN_DOUBT("MIGR_115"),
    READ_ONLY_SERVER("MIGR_116"),
    INSUFFICIENT_PRIVILEGE("MIGR_117"),
    INSIDE_TRANSACTION("MIGR_118"),
    CANCELLED("MIGR_119"),
    PENDING_MIGRATIONS("MIGR_120"),
    PARTIALLY_ROLLED_BACK("MIGR_121"),
    PARTIALLY_APPLIED("MIGR_122"),
    NOT_IN_DOUBT("MIGR_123"),
    PLACEHOLDER("MIGR_130"),
    FOREIGN_HISTORY("MIGR_140"),
    ADOPTION_BLOCKED("MIGR_141"),

    SCHEMA_INVALID("SCHEMA_200"),
    CATALOG_UNREADABLE("SCHEMA_210"),
    CATALOG_TEXT_INVALID("SCHEMA_211"),
    SYNC_FAILED("SYNC_300"),
    VALIDATION_FAILED("VALID_500"),
    VERIFICATION_FAILED("VALID_501"),
    IRREVERSIBLE("ROLLBACK_600"),
    NOT_NEWEST("ROLLBACK_601"),
    HOOK_FAILED("HOOK_1100"),
    LOCK_TIMEOUT("LOCK_1300"),
    LOCK_LOST("LOCK_1301"),
    STATEMENT_LOCK_TIMEOUT("LOCK_1302"),
    ANONYMIZATION_FAILED("ANON_1400");

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    /** The printed form, such as {@code MIGR_106}; stable across releases. */
    public String code() {
        return code;
    }

    @Override
    public String toString() {
        return code;
    }
}
