package io.confiture.build;

import io.confiture.config.BuildConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a schema by who runs them: a superuser before all others, the application's own role, a superuser after all
 * others. A file that both lists of folders hold comes last. The hash of the sources is that of all of them.
 *
 * @param superuserPre what a superuser runs first
 * @param app what needs no superuser, seeds included
 * @param superuserPost what a superuser runs last
 */
record PrivilegeSplit(List<SchemaFile> superuserPre, List<SchemaFile> app, List<SchemaFile> superuserPost) {
    PrivilegeSplit {
        superuserPre = List.copyOf(superuserPre);
        app = List.copyOf(app);
        superuserPost = List.copyOf(superuserPost);
    }

    static PrivilegeSplit of(List<SchemaFile> files, BuildConfig config) {
        List<SchemaFile> pre = new ArrayList<>();
        List<SchemaFile> app = new ArrayList<>();
        List<SchemaFile> post = new ArrayList<>();
        for (SchemaFile file : files) {
            if (isBelow(file, config.superuserPostDirs())) {
                post.add(file);
            } else if (isBelow(file, config.superuserDirs())) {
                pre.add(file);
            } else {
                app.add(file);
            }
        }
        return new PrivilegeSplit(pre, app, post);
    }

    private static boolean isBelow(SchemaFile file, List<String> folders) {
        return folders.stream().anyMatch(folder -> file.name().startsWith(folder + "/"));
    }
}
