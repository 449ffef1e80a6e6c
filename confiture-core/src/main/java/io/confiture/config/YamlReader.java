package io.confiture.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads one YAML document into nodes with places, from the parser's events. There is no tag, anchor or alias, so nothing is
 * constructed and nothing multiplies; keys are plain names, each there once.
 */
final class YamlReader {
    private static final int MAX_CHARACTERS = 1_000_000;
    private static final int MAX_DEPTH = 20;
    private static final Pattern PRINTABLE = Pattern.compile("[\\w./-]{1,60}");

    private final String file;
    private final Iterator<Event> events;

    private YamlReader(String file, Iterator<Event> events) {
        this.file = file;
        this.events = events;
    }

    /** The mapping that the file is; one without keys if it is empty. */
    static Node.Mapping read(String file, String text) {
        Position start = new Position(file, 1, 1);
        if (text.length() > MAX_CHARACTERS) {
            throw start.error("the file is longer than " + MAX_CHARACTERS + " characters", null);
        }
        try {
            return new YamlReader(file, new Yaml().parse(new StringReader(text)).iterator()).document(start);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            // Its message shows the line, which may hold a password.
            throw (mark == null ? start : position(file, mark))
                    .error("not YAML: " + e.getProblem(), "Quote values that begin with a special character.");
        } catch (ReaderException e) {
            String before = text.substring(0, Math.min(e.getPosition(), text.length()));
            throw new Position(
                            file,
                            (int) before.lines().count() + (before.endsWith("\n") ? 1 : 0),
                            before.length() - before.lastIndexOf('\n'))
                    .error("not YAML: a character that is not printable", null);
        } catch (YAMLException e) {
            throw start.error("not YAML", null);
        }
    }

    private static Position position(String file, @Nullable Mark mark) {
        return mark == null ? new Position(file, 1, 1) : new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Position position(Event event) {
        return position(file, event.getStartMark());
    }

    private Node.Mapping document(Position start) {
        events.next(); // the stream begins
        if (events.next().is(Event.ID.StreamEnd)) {
            return new Node.Mapping(Map.of(), start);
        }
        Node root = node(events.next(), 0);
        events.next(); // the document ends
        Event after = events.next();
        if (!after.is(Event.ID.StreamEnd)) {
            throw position(after).error("a second YAML document begins here, and only one is read", null);
        }
        return root instanceof Node.Mapping mapping ? mapping : onlyNothing(root);
    }

    private static Node.Mapping onlyNothing(Node root) {
        if (root instanceof Node.Scalar scalar && scalar.isNothing()) {
            return new Node.Mapping(Map.of(), root.position());
        }
        throw root.position().error("the file holds no keys and values", "It begins with version: 1.");
    }

    private Node node(Event event, int depth) {
        Position position = position(event);
        if (event.is(Event.ID.Alias)) {
            throw position.error("an alias (*) is not read", "Write out what it stands for.");
        }
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
            throw position.error("an anchor (&) is not read", "Write the value without it, wherever it is needed.");
        }
        if (depth > MAX_DEPTH) {
            throw position.error("nested more than " + MAX_DEPTH + " deep", null);
        }
        if (event instanceof ScalarEvent scalar) {
            untagged(scalar.getTag(), position);
            return new Node.Scalar(scalar.getValue(), scalar.isPlain(), position);
        }
        if (event instanceof SequenceStartEvent sequence) {
            untagged(sequence.getTag(), position);
            List<Node> items = new ArrayList<>();
            for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
                items.add(node(next, depth + 1));
            }
            return new Node.Listing(List.copyOf(items), position);
        }
        untagged(((MappingStartEvent) event).getTag(), position);
        return mapping(position, depth);
    }

    private Node.Mapping mapping(Position position, int depth) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
            Position at = position(next);
            if (!(node(next, depth + 1) instanceof Node.Scalar key)) {
                throw at.error("a key is a name, not a list or a mapping", null);
            }
            String name = key.text();
            if (!PRINTABLE.matcher(name).matches()) {
                // Not told: without the blank behind its colon, a value is part of the key.
                throw at.error("a key that is no name", "A blank stands between the colon and the value.");
            }
            Node.Entry before = entries.put(name, new Node.Entry(at, node(events.next(), depth + 1)));
            if (before != null) {
                throw at.error(
                        name + " is there twice, first in line " + before.key().line(), null);
            }
        }
        return new Node.Mapping(entries, position);
    }

    private static void untagged(@Nullable String tag, Position position) {
        if (tag != null && !tag.equals("!")) {
            throw position.error("a tag (!) is not read", "Write the value without it.");
        }
    }
}
