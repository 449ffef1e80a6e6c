package io.confiture.config;

import io.confiture.config.Shape.Block;
import io.confiture.config.Shape.Choice;
import io.confiture.config.Shape.Flag;
import io.confiture.config.Shape.Listed;
import io.confiture.config.Shape.Named;
import io.confiture.config.Shape.Only;
import io.confiture.config.Shape.Refused;
import io.confiture.config.Shape.TextOr;
import io.confiture.config.Shape.Whole;
import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks keys and values of a file. A value is never told, because one in the wrong place may be a secret. */
final class KeyCheck {
    private final boolean expanded;

    /**
     * @param expanded whether variables are where they belong; if not, values with one are not looked at
     */
    KeyCheck(boolean expanded) {
        this.expanded = expanded;
    }

    /**
     * @param path the keys that lead to the node, with dots between them; empty for the file itself
     * @throws ConfigurationException at the first place that is wrong
     */
    void check(Shape shape, Node node, String path) {
        if (shape instanceof Block block) {
            checkBlock(block, node, path);
        } else if (shape instanceof Named named) {
            mapping(node, path)
                    .entries()
                    .forEach((name, entry) -> check(named.block(), entry.value(), below(path, name)));
        } else if (shape instanceof Listed list) {
            if (!(node instanceof Node.Listing listing)) {
                throw node.position()
                        .error(path + " is a list", "Write each entry behind a dash, in a line of its own.");
            }
            listing.items().forEach(item -> check(list.item(), item, "an entry of " + path));
        } else if (shape instanceof TextOr either && node instanceof Node.Mapping) {
            checkBlock(either.block(), node, path);
            if (mapping(node, path).get("path") == null) {
                throw node.position().error(path + " has no path", null);
            }
        } else {
            checkScalar(shape, node, path);
        }
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static Node.Mapping mapping(Node node, String path) {
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        throw node.position().error(path + " is a block of keys and values", "Indent them below it.");
    }

    private void checkBlock(Block block, Node node, String path) {
        mapping(node, path).entries().forEach((name, entry) -> {
            List<String> names = block.keys().stream().map(Shape.Key::name).toList();
            Shape.Key key = block.keys().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown("key", name, entry.key(), path, names));
            if (key.shape() instanceof Refused refused) {
                throw entry.key().error(below(path, name) + " is not supported: " + refused.why(), "Remove it.");
            }
            check(key.shape(), entry.value(), below(path, name));
        });
    }

    /** The error about a name that does not exist. */
    static ConfigurationException unknown(
            String what, String name, Position position, String path, Collection<String> names) {
        return position.error(
                "there is no " + what + " " + name + " in " + (path.isEmpty() ? "this place" : path),
                nearest(name, names));
    }

    static @Nullable String nearest(String name, Collection<String> names) {
        Optional<String> nearest =
                names.stream().sorted().min(Comparator.comparingInt(valid -> EditDistance.between(name, valid)));
        return nearest.map(valid -> "Did you mean " + valid + "?").orElse(null);
    }

    private void checkScalar(Shape shape, Node node, String path) {
        if (!(node instanceof Node.Scalar scalar)) {
            throw node.position().error(path + " is one value, not a list or a block", null);
        }
        if (scalar.isNothing()) {
            throw scalar.position().error(path + " has no value", "Give it one, or remove the line.");
        }
        if (!expanded && Variables.areIn(scalar)) {
            Variables.check(scalar);
        } else {
            checkText(shape, scalar, path);
        }
    }

    private static void checkText(Shape shape, Node.Scalar scalar, String path) {
        String text = scalar.text();
        Position position = scalar.position();
        if (shape instanceof Flag && !text.equals("true") && !text.equals("false")) {
            throw position.error(path + " is true or false", null);
        }
        if (shape instanceof Whole range && !isWithin(range, text)) {
            throw position.error(path + " is a whole number from " + range.least() + " to " + range.most(), null);
        }
        if (shape instanceof Only only && !text.equals(only.word())) {
            throw position.error(
                    path + " is " + only.word() + " here and nothing else: " + only.why(), "Remove the line.");
        }
        if (shape instanceof Choice choice && !choice.words().contains(text)) {
            if (choice.refused().containsKey(text)) {
                throw position.error(
                        path + " cannot be " + text + ": " + choice.refused().get(text), null);
            }
            throw position.error(
                    path + " is one of " + String.join(", ", choice.words()), nearest(text, choice.words()));
        }
    }

    private static boolean isWithin(Whole range, String text) {
        try {
            int number = Integer.parseInt(text);
            return range.least() <= number && number <= range.most();
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
