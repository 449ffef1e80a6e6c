package io.confiture.test;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.SinceTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Reads the documentation of public types out of their sources. */
public final class ApiDocumentation {
    private final DocTrees comments;
    private final List<String> documented = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ApiDocumentation(DocTrees comments) {
        this.comments = comments;
    }

    /** Reads all sources below a folder. */
    public static ApiDocumentation read(Path sources) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            ApiDocumentation documentation = new ApiDocumentation(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                TreePath path = new TreePath(unit);
                for (Tree type : unit.getTypeDecls()) {
                    if (type instanceof ClassTree declaration && isPublic(declaration)) {
                        documentation.check(
                                Objects.requireNonNull(unit.getPackageName()).toString(),
                                new TreePath(path, declaration),
                                true);
                    }
                }
            }
            return documentation;
        }
    }

    /** Public types with a comment, nested ones included. */
    public List<String> documented() {
        return List.copyOf(documented);
    }

    /** Public types without a comment, and those of the top level whose comment does not say since when they exist. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private void check(String qualifier, TreePath path, boolean topLevel) {
        ClassTree type = (ClassTree) path.getLeaf();
        String name = qualifier + "." + type.getSimpleName();
        DocCommentTree comment = comments.getDocCommentTree(path);
        if (comment == null || comment.getFirstSentence().isEmpty()) {
            problems.add(name + " has no Javadoc");
        } else if (topLevel && comment.getBlockTags().stream().noneMatch(ApiDocumentation::isVersion)) {
            problems.add(name + " has no @since with a version of three numbers");
        } else {
            documented.add(name);
        }
        boolean allPublic = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
        for (Tree member : type.getMembers()) {
            if (member instanceof ClassTree nested && (allPublic || isPublic(nested))) {
                check(name, new TreePath(path, nested), false);
            }
        }
    }

    private static boolean isPublic(ClassTree type) {
        return type.getModifiers().getFlags().contains(Modifier.PUBLIC);
    }

    private static boolean isVersion(DocTree tag) {
        return tag instanceof SinceTree since && since.getBody().toString().matches("\\d+\\.\\d+\\.\\d+");
    }
}
