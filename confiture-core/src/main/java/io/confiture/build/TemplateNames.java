package io.confiture.build;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * The names of templates, of those that are being made, and of clones. A clone carries its time in its name, because a
 * comment would cost a call.
 */
final class TemplateNames {
    static final String TEMPLATE = "confiture_template_";
    static final String UNFINISHED = "confiture_unfinished_";
    static final String CLONE = "confiture_fresh_";

    /** Behind it in the comment of a template stands the second at which it was made. */
    static final String MARK = "Template database of Confiture, may be dropped. Created at epoch second ";

    private TemplateNames() {}

    /** The part that template and unfinished template of a key have in common. */
    static String digest(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String clone(long millis, Random random) {
        return CLONE + millis / 1000 + "_" + random(random);
    }

    static String unfinished(String digest, Random random) {
        return UNFINISHED + digest + "_" + random(random);
    }

    /** Always 13 characters: by this form a clone is told from a database that somebody has given a similar name. */
    private static String random(Random random) {
        String digits = Long.toString(random.nextLong(Long.MAX_VALUE), 36);
        return "0".repeat(13 - digits.length()) + digits;
    }
}
