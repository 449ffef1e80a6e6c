package io.confiture.config;

import java.util.List;

/**
 * How a schema is built from its files.
 *
 * @param includeDirs where the files are
 * @param excludeDirs folders that are left out wherever an include entry meets them
 * @param sortMode order of files
 * @param separators what stands between two files
 * @param twoPass whether foreign keys are added after all tables, so that files may come in any order
 * @param hashSeeds whether seed files count in the hash
 * @param superuserDirs folders that a superuser runs before all others, when the outputs are split by privilege
 * @param superuserPostDirs folders that a superuser runs after all others
 * @since 0.1.0
 */
public record BuildConfig(
        List<IncludeDir> includeDirs,
        List<String> excludeDirs,
        SortMode sortMode,
        Separators separators,
        boolean twoPass,
        boolean hashSeeds,
        List<String> superuserDirs,
        List<String> superuserPostDirs) {

    public BuildConfig {
        includeDirs = List.copyOf(includeDirs);
        excludeDirs = List.copyOf(excludeDirs);
        superuserDirs = List.copyOf(superuserDirs);
        superuserPostDirs = List.copyOf(superuserPostDirs);
    }
}
