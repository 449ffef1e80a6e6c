package io.confiture.build;

import java.util.Locale;
import java.util.regex.Pattern;

/** Tells folders of seed data by their names. */
final class SeedNames {
    private static final Pattern PREFIX = Pattern.compile("^(?:classpath\\*?|file):");

    private SeedNames() {}

    /**
     * Whether one of the folders in a path below an include entry is named {@code seed} or {@code seeds}, perhaps between
     * hyphens and underscores with other words. The file's own name does not count.
     */
    static boolean isBelowSeedFolder(String path) {
        int from = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
            if (namesSeeds(path.substring(from, slash))) {
                return true;
            }
            from = slash + 1;
        }
        return false;
    }

    /** Whether the folder that an include entry names is one of seeds itself. What lies above it says nothing. */
    static boolean isSeedFolder(String entry) {
        return isBelowSeedFolder(lastName(entry) + "/");
    }

    /** The own name of a folder as a configuration names it: without prefix, without slashes at its end. */
    static String lastName(String dir) {
        String path = PREFIX.matcher(dir).replaceFirst("").replace('\\', '/');
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }

    private static boolean namesSeeds(String folder) {
        for (String word : folder.toLowerCase(Locale.ROOT).split("[-_]")) {
            if (word.equals("seed") || word.equals("seeds")) {
                return true;
            }
        }
        return false;
    }
}
