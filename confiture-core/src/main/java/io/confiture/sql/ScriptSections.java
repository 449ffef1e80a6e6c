package io.confiture.sql;

import java.io.InputStream;

/**
 * Where the sections of a one-file migration lie, as byte ranges of the file. A section begins behind its marker's line
 * and ends where the next marker begins, or with the file.
 *
 * @param marked whether the file has markers; without them all of it is the up section
 * @param upStart where the up section begins; -1 if there is none
 * @param upEnd the offset behind the up section; -1 if there is none
 * @param downStart where the down section begins; -1 if there is none
 * @param downEnd the offset behind the down section; -1 if there is none
 * @since 0.1.0
 */
public record ScriptSections(boolean marked, long upStart, long upEnd, long downStart, long downEnd) {

    /**
     * Finds the markers by reading the whole script, so that one in a literal or a body does not count.
     *
     * @param file the script as the user knows it
     * @param in UTF-8 text; read to its end and closed
     * @throws io.confiture.error.SqlScriptException if the script cannot be read as statements, or its markers are
     *     repeated, out of order, not alone on their line or preceded by statements
     */
    public static ScriptSections scan(String file, InputStream in) {
        try (ScriptReader reader = ScriptReader.open(file, in, ScriptSection.DOWN)) {
            return reader.sections();
        }
    }
}
