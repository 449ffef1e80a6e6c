package io.confiture.boot.autoconfigure;

/** How the beans of one kind are called after their databases, such as {@code ordersMigrator}. */
enum DatabaseBeans {
    MIGRATOR("Migrator"),
    SCHEMA_BUILDER("SchemaBuilder");

    private final String suffix;

    DatabaseBeans(String suffix) {
        this.suffix = suffix;
    }

    String bean(String database) {
        return database + suffix;
    }

    /** The database of a bean: what stands before the suffix, or all of it. */
    String database(String bean) {
        if (bean.equals("confiture" + suffix)) {
            return MigratorBeans.DEFAULT_DATABASE;
        }
        return bean.endsWith(suffix) && bean.length() > suffix.length()
                ? bean.substring(0, bean.length() - suffix.length())
                : bean;
    }
}
