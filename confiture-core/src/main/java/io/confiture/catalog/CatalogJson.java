package io.confiture.catalog;

import io.confiture.catalog.FactTree.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A catalog as text and back. The members of each object come in one order, and facts are sorted, so that there is one text
 * for one catalog; the fingerprint in it tells a text that was damaged or edited.
 */
final class CatalogJson {
    private static final int FORMAT = 1;
    /** Deeper than any part of a part of an object. */
    private static final int DEEPEST = 10;

    private CatalogJson() {}

    static String write(Catalog catalog, FactTree tree) {
        StringBuilder out = new StringBuilder("{\n\"confiture-catalog\": ").append(FORMAT);
        out.append(",\n\"server\": ").append(catalog.serverMajor());
        out.append(",\n\"schemas\": ");
        writeStrings(out, catalog.schemas());
        out.append(",\n\"not-modelled\": ");
        writeStrings(out, catalog.notModelled());
        out.append(",\n\"fingerprint\": ");
        JsonText.append(out, tree.hash());
        out.append(",\n\"facts\": ");
        writeNodes(out, tree.roots(), 1);
        return out.append("\n}\n").toString();
    }

    private static void writeStrings(StringBuilder out, Collection<String> values) {
        out.append('[');
        for (Iterator<String> i = values.iterator(); i.hasNext(); ) {
            JsonText.append(out, i.next());
            out.append(i.hasNext() ? ", " : "");
        }
        out.append(']');
    }

    private static void writeNodes(StringBuilder out, List<Node> nodes, int depth) {
        out.append('[');
        for (Iterator<Node> i = nodes.iterator(); i.hasNext(); ) {
            out.append('\n').append(" ".repeat(depth));
            write(out, i.next(), depth);
            out.append(i.hasNext() ? "," : "");
        }
        out.append(']');
    }

    private static void write(StringBuilder out, Node node, int depth) {
        out.append("{\"kind\": ");
        JsonText.append(out, node.id().kind().label());
        out.append(", \"name\": ");
        JsonText.append(out, node.id().name());
        out.append(", \"properties\": {");
        String separator = "";
        for (Map.Entry<String, String> property : node.fact().properties().entrySet()) {
            out.append(separator);
            JsonText.append(out, property.getKey());
            out.append(": ");
            JsonText.append(out, property.getValue());
            separator = ", ";
        }
        out.append("}, \"parts\": ");
        writeNodes(out, node.parts(), depth + 1);
        out.append('}');
    }

    static Catalog read(String json) {
        JsonText text = new JsonText(json);
        text.take('{');
        text.takeName("confiture-catalog");
        int format = text.number();
        if (format != FORMAT) {
            throw text.error("format " + format + ", but this version of Confiture reads format " + FORMAT);
        }
        text.take(',');
        text.takeName("server");
        int server = text.number();
        text.take(',');
        text.takeName("schemas");
        List<String> schemas = readStrings(text);
        text.take(',');
        text.takeName("not-modelled");
        List<String> notModelled = readStrings(text);
        text.take(',');
        text.takeName("fingerprint");
        int place = text.position();
        String fingerprint = text.string();
        text.take(',');
        text.takeName("facts");
        FactTree tree = FactTree.of(readNodes(text, null, 0));
        text.take('}');
        text.end();
        if (!tree.hash().equals(fingerprint)) {
            throw text.error("the facts have the fingerprint " + tree.hash() + ", another than is written here", place);
        }
        return new Catalog(server, new TreeSet<>(schemas), tree, notModelled);
    }

    private static List<String> readStrings(JsonText text) {
        List<String> strings = new ArrayList<>();
        text.take('[');
        if (!text.takes(']')) {
            do {
                strings.add(text.string());
            } while (text.takes(','));
            text.take(']');
        }
        return strings;
    }

    private static List<Node> readNodes(JsonText text, @Nullable FactId parent, int depth) {
        if (depth > DEEPEST) {
            throw text.error("parts within parts without an end");
        }
        List<Node> nodes = new ArrayList<>();
        text.take('[');
        if (!text.takes(']')) {
            do {
                int place = text.position();
                Node node = readNode(text, parent, depth);
                if (!nodes.isEmpty()
                        && FactId.WITHIN_PARENT.compare(
                                        nodes.get(nodes.size() - 1).id(), node.id())
                                >= 0) {
                    throw text.error(node.id() + " is out of order", place);
                }
                nodes.add(node);
            } while (text.takes(','));
            text.take(']');
        }
        return List.copyOf(nodes);
    }

    private static Node readNode(JsonText text, @Nullable FactId parent, int depth) {
        text.take('{');
        text.takeName("kind");
        int place = text.position();
        String label = text.string();
        FactKind kind = FactKind.of(label).orElseThrow(() -> text.error("unknown kind \"" + label + "\"", place));
        text.take(',');
        text.takeName("name");
        FactId id = new FactId(parent, kind, text.string());
        text.take(',');
        text.takeName("properties");
        SortedMap<String, String> properties = readProperties(text);
        text.take(',');
        text.takeName("parts");
        List<Node> parts = readNodes(text, id, depth + 1);
        text.take('}');
        return FactTree.node(id, properties, parts);
    }

    private static SortedMap<String, String> readProperties(JsonText text) {
        SortedMap<String, String> properties = new TreeMap<>();
        text.take('{');
        if (!text.takes('}')) {
            do {
                String name = text.string();
                text.take(':');
                if (properties.put(name, text.string()) != null) {
                    throw text.error("\"" + name + "\" twice");
                }
            } while (text.takes(','));
            text.take('}');
        }
        return properties;
    }
}
