package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the values of placeholders into one statement, and refuses those that would make something else of it. */
final class Replacement {
    /**
     * Where <code>${</code> stands outside of literals and comments.
     *
     * @param offset in the file
     * @param quoted whether in a quoted name
     */
    record Place(long offset, boolean quoted) {}

    private final ScriptInput in;
    private final StatementStructure written;
    private final SourcePosition start;
    private final byte[] source;
    private final Placeholders placeholders;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final List<ReplacedText.Part> parts = new ArrayList<>();
    private int copied;
    private int sourceCharacters;
    private int sentCharacters;

    private Replacement(ScriptInput in, StatementStructure written, String text, Placeholders placeholders) {
        this.in = in;
        this.written = written;
        this.start = written.start();
        this.source = text.getBytes(UTF_8);
        this.placeholders = placeholders;
    }

    /**
     * The text to send; null if nothing is replaced.
     *
     * @param in holds the bytes of the statement
     * @param written what its tokens say as it stands
     * @param places where <code>${</code> stands, in order
     * @throws SqlScriptException if a value cannot stand where it would
     */
    static @Nullable ReplacedText of(
            ScriptInput in, StatementStructure written, String text, List<Place> places, Placeholders placeholders) {
        Replacement replacement = new Replacement(in, written, text, placeholders);
        places.forEach(replacement::replace);
        return replacement.parts.isEmpty() ? null : replacement.finish();
    }

    private void replace(Place place) {
        int begin = (int) (place.offset() - start.offset());
        int end = endOfName(begin + 2);
        if (end == source.length || source[end] != '}') {
            return;
        }
        PlaceholderValue value = placeholders.find(new String(source, begin + 2, end - begin - 2, UTF_8));
        if (value == null) {
            return;
        }
        if (!place.quoted()) {
            requireWholeTokens(value, place, begin, end + 1);
        }
        copyUpTo(begin);
        byte[] bytes = (place.quoted() ? value.withinQuotedName() : value.text()).getBytes(UTF_8);
        int characters = characters(bytes, 0, bytes.length);
        int written = characters(source, begin, end + 1);
        parts.add(new ReplacedText.Part(value, sourceCharacters, written, sentCharacters, characters));
        sent.writeBytes(bytes);
        sentCharacters += characters;
        sourceCharacters += written;
        copied = end + 1;
    }

    private int endOfName(int from) {
        int end = from;
        while (end < source.length) {
            int b = source[end] & 0xFF;
            if (!ScriptInput.isWordStart(b) && !ScriptInput.isDigit(b) && b != '.' && b != '-') {
                break;
            }
            end++;
        }
        return end;
    }

    private void requireWholeTokens(PlaceholderValue value, Place place, int begin, int end) {
        if (value.problem() != null) {
            throw refused(
                    place,
                    "the value of ${" + value.name() + "} holds " + value.problem()
                            + ", which cannot stand outside of a quoted name",
                    "A value is whole words, numbers, operators, names in quotes or literals in quotes.");
        }
        byte[] bytes = value.text().getBytes(UTF_8);
        if (PlaceholderValue.wouldMerge(preceding(begin), bytes[0] & 0xFF)
                || PlaceholderValue.wouldMerge(bytes[bytes.length - 1] & 0xFF, following(end))) {
            throw refused(
                    place,
                    "the value of ${" + value.name() + "} would become one with what stands beside it",
                    "Put a space between them.");
        }
    }

    private int preceding(int begin) {
        if (begin > copied) {
            return source[begin - 1] & 0xFF;
        }
        if (parts.isEmpty()) {
            return ' ';
        }
        byte[] value = parts.get(parts.size() - 1).value().text().getBytes(UTF_8);
        return value[value.length - 1] & 0xFF;
    }

    private int following(int end) {
        if (end == source.length) {
            return ' ';
        }
        boolean placeholder = source[end] == '$' && end + 1 < source.length && source[end + 1] == '{';
        return placeholder ? ' ' : source[end] & 0xFF;
    }

    private ReplacedText finish() {
        copyUpTo(source.length);
        byte[] bytes = sent.toByteArray();
        return new ReplacedText(new String(bytes, UTF_8), parts, structure(bytes));
    }

    /** Reads what will be sent: it has to be one statement, as it is in the script. */
    private StatementStructure structure(byte[] bytes) {
        StatementScanner scanner = new StatementScanner(in.with(bytes, start), false, false, false);
        try {
            if (scanner.next() == StatementScanner.Found.STATEMENT) {
                scanner.statement();
                // Rows follow in the script, or not, whatever the values say.
                if (!scanner.terminated() && scanner.structure().copiesIn() == written.copiesIn()) {
                    return scanner.structure();
                }
            }
        } catch (SqlScriptException e) {
            throw otherEnd();
        }
        throw otherEnd();
    }

    private SqlScriptException otherEnd() {
        List<String> names = parts.stream()
                .map(part -> "${" + part.value().name() + "}")
                .distinct()
                .toList();
        return in.error(
                ErrorCode.PLACEHOLDER,
                start,
                "with the values of " + String.join(", ", names) + " the statement would not end where it does",
                "Write the words that open or close something into the script itself.");
    }

    private void copyUpTo(int end) {
        sent.write(source, copied, end - copied);
        int characters = characters(source, copied, end);
        sourceCharacters += characters;
        sentCharacters += characters;
        copied = end;
    }

    private static int characters(byte[] bytes, int begin, int end) {
        int count = 0;
        for (int i = begin; i < end; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                count++;
            }
        }
        return count;
    }

    private SqlScriptException refused(Place place, String problem, String hint) {
        return in.error(ErrorCode.PLACEHOLDER, in.place(start, place.offset()), problem, hint);
    }
}
