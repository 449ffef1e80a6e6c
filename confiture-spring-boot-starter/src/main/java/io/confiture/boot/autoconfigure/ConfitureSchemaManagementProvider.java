package io.confiture.boot.autoconfigure;

import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;

/** Tells JPA that the schema of the migrated data source is none of its business. */
final class ConfitureSchemaManagementProvider implements SchemaManagementProvider {
    private final ObjectProvider<MigrationDataSource> migrated;

    ConfitureSchemaManagementProvider(ObjectProvider<MigrationDataSource> migrated) {
        this.migrated = migrated;
    }

    @Override
    public SchemaManagement getSchemaManagement(DataSource dataSource) {
        return migrated.stream().anyMatch(m -> m.dataSource().equals(dataSource))
                ? SchemaManagement.MANAGED
                : SchemaManagement.UNMANAGED;
    }
}
