package io.confiture.config;

import java.util.List;
import java.util.Map;

/** What may stand behind a key. */
sealed interface Shape {
    Text TEXT = new Text();
    Flag FLAG = new Flag();
    Listed TEXTS = new Listed(TEXT);

    /** Any text but nothing. */
    record Text() implements Shape {}

    /** {@code true} or {@code false}. */
    record Flag() implements Shape {}

    /** A whole number. */
    record Whole(int least, int most) implements Shape {}

    /** One of some words; {@code refused} are those of the original that are not, with the reason. */
    record Choice(List<String> words, Map<String, String> refused) implements Shape {
        static Choice of(String... words) {
            return new Choice(List.of(words), Map.of());
        }

        Choice butNot(String word, String why) {
            return new Choice(words, Map.of(word, why));
        }
    }

    /** The one value that says how things are here; each other is refused, with the reason. */
    record Only(String word, String why) implements Shape {}

    /** A key of the original that has no equal here, with what to do in its place. */
    record Refused(String why) implements Shape {}

    /** A list. */
    record Listed(Shape item) implements Shape {}

    /** A text, or a block in its place. */
    record TextOr(Block block) implements Shape {}

    /** Names that are free, each with a block. */
    record Named(Block block) implements Shape {}

    /** Keys that are known. */
    record Block(List<Key> keys) implements Shape {}

    /**
     * A key.
     *
     * @param meaning what it says, for the documentation; empty for what is refused
     */
    record Key(String name, Shape shape, String meaning) {}
}
