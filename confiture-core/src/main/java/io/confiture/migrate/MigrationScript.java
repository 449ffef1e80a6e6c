package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.sql.Placeholders;
import io.confiture.sql.ScriptDirectives;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.core.io.Resource;

/**
 * The up or the down part of a migration: a whole file, or a section of one. Read again each time it is needed.
 *
 * @param file as the user knows it
 * @param from first byte of the part
 * @param length in bytes; negative for up to the end of the file
 * @param placeholders put into the statements; the checksum is that of the file
 */
record MigrationScript(
        String file, Resource resource, ScriptSection section, long from, long length, Placeholders placeholders) {

    static MigrationScript wholeFile(MigrationFiles.Script script) {
        return new MigrationScript(script.file(), script.resource(), ScriptSection.WHOLE, 0, -1, script.placeholders());
    }

    /** Opens the part for reading statements; positions are those of the file. */
    ScriptReader open() {
        return ScriptReader.open(file, stream(), section, placeholders);
    }

    /** What the script says about itself; reads no further than its first statement. */
    ScriptDirectives directives() {
        return ScriptDirectives.read(file, stream(), section);
    }

    Checksum checksum() {
        try (InputStream in = stream()) {
            return Checksum.of(in, from, length);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The statements as the file spells them, without COPY data and the values of placeholders. */
    String sql() {
        StringBuilder text = new StringBuilder();
        try (ScriptReader reader = open()) {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                text.append(statement.source()).append(";\n");
            }
        }
        return text.toString();
    }

    private InputStream stream() {
        try {
            return resource.getInputStream();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private ConfigurationException unreadable(IOException e) {
        return unreadable(file, e);
    }

    static ConfigurationException unreadable(String file, IOException e) {
        return new ConfigurationException(
                ErrorCode.LOCATION_MISSING, file + " cannot be read: " + e.getMessage(), null, e);
    }
}
