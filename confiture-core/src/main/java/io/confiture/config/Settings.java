package io.confiture.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was said in a block that has been checked. Settings are named by their keys, with dots between them. */
final class Settings {
    private final Node.Mapping root;

    Settings(Node.Mapping root) {
        this.root = root;
    }

    private Node.@Nullable Entry entry(String path) {
        Node.Mapping block = root;
        String[] keys = path.split("[.]");
        for (int i = 0; i < keys.length - 1; i++) {
            if (!(block.get(keys[i]) instanceof Node.Mapping nested)) {
                return null;
            }
            block = nested;
        }
        return block.entries().get(keys[keys.length - 1]);
    }

    boolean has(String path) {
        return entry(path) != null;
    }

    /** The place of a key that is there. */
    Position position(String path) {
        Node.Entry entry = entry(path);
        return entry == null ? root.position() : entry.key();
    }

    @Nullable
    String text(String path) {
        Node.Entry entry = entry(path);
        return entry == null ? null : ((Node.Scalar) entry.value()).text();
    }

    String text(String path, String otherwise) {
        String text = text(path);
        return text == null ? otherwise : text;
    }

    boolean flag(String path, boolean otherwise) {
        String text = text(path);
        return text == null ? otherwise : Boolean.parseBoolean(text);
    }

    int number(String path, int otherwise) {
        String text = text(path);
        return text == null ? otherwise : Integer.parseInt(text);
    }

    <E extends Enum<E>> E choice(String path, E otherwise) {
        String text = text(path);
        return text == null ? otherwise : Enum.valueOf(otherwise.getDeclaringClass(), text.toUpperCase(Locale.ROOT));
    }

    List<Node> items(String path) {
        Node.Entry entry = entry(path);
        return entry == null ? List.of() : ((Node.Listing) entry.value()).items();
    }

    List<String> texts(String path, List<String> otherwise) {
        return has(path)
                ? items(path).stream().map(item -> ((Node.Scalar) item).text()).toList()
                : otherwise;
    }

    /** The blocks of a key whose names are free. */
    Map<String, Settings> blocks(String path) {
        Map<String, Settings> blocks = new TreeMap<>();
        Node.Entry entry = entry(path);
        if (entry != null) {
            ((Node.Mapping) entry.value())
                    .entries()
                    .forEach((name, block) -> blocks.put(name, new Settings((Node.Mapping) block.value())));
        }
        return blocks;
    }

    /** The place of each setting that is there. */
    Map<String, String> origins() {
        Map<String, String> origins = new TreeMap<>();
        addOrigins(origins, "", root);
        return origins;
    }

    private static void addOrigins(Map<String, String> origins, String prefix, Node.Mapping block) {
        block.entries().forEach((name, entry) -> {
            if (entry.value() instanceof Node.Mapping nested) {
                addOrigins(origins, prefix + name + ".", nested);
            } else {
                origins.put(prefix + name, entry.key().toString());
            }
        });
    }
}
