package io.confiture.sql;

import io.confiture.error.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Follows a script through its sections by the markers met. */
final class Markers {
    private static final Pattern MARKER = Pattern.compile("--\\s*migrate:\\s*(\\S*)\\s*(.*)", Pattern.DOTALL);

    private final ScriptInput in;
    private ScriptSection section = ScriptSection.WHOLE;
    private @Nullable SourcePosition unmarkedStatement;
    private long upStart = -1;
    private long upEnd = -1;
    private long downStart = -1;

    Markers(ScriptInput in) {
        this.in = in;
    }

    /** The section the last marker opened; WHOLE above the first marker. */
    ScriptSection section() {
        return section;
    }

    void statement(SourcePosition start) {
        if (section == ScriptSection.WHOLE && unmarkedStatement == null) {
            unmarkedStatement = start;
        }
    }

    /** @param next the offset behind the marker's line */
    void marker(String comment, SourcePosition start, long next) {
        Matcher matcher = MARKER.matcher(comment);
        String name = matcher.matches() ? matcher.group(1) : "";
        if (!name.equals("up") && !name.equals("down")) {
            throw error(start, "unknown marker \"" + comment + "\"", "Write -- migrate:up or -- migrate:down.");
        }
        if (!matcher.group(2).isEmpty()) {
            throw error(
                    start,
                    "text behind the marker -- migrate:" + name,
                    "Give the marker a line of its own; options go into a line below it, such as"
                            + " -- confiture: transactional=false");
        }
        if (name.equals("up")) {
            up(start, next);
        } else {
            down(start, next);
        }
    }

    private void up(SourcePosition start, long next) {
        if (section == ScriptSection.DOWN) {
            throw error(start, "-- migrate:up behind -- migrate:down", "Write the up section once, and first.");
        }
        if (section == ScriptSection.UP) {
            throw error(start, "a second -- migrate:up", "Keep one of them.");
        }
        if (unmarkedStatement != null) {
            throw error(
                    unmarkedStatement,
                    "a statement above -- migrate:up",
                    "Move it below the marker: above it only directives and comments may stand.");
        }
        section = ScriptSection.UP;
        upStart = next;
    }

    private void down(SourcePosition start, long next) {
        if (section == ScriptSection.DOWN) {
            throw error(start, "a second -- migrate:down", "Keep one of them.");
        }
        if (section == ScriptSection.WHOLE) {
            throw error(start, "-- migrate:down without -- migrate:up above it", "Open the up section first.");
        }
        section = ScriptSection.DOWN;
        upEnd = start.offset();
        downStart = next;
    }

    private RuntimeException error(SourcePosition at, String problem, String hint) {
        return in.error(ErrorCode.SCRIPT_SYNTAX, at, problem, hint);
    }

    /** @param end the length of the script in bytes */
    ScriptSections sections(long end) {
        return switch (section) {
            case WHOLE -> new ScriptSections(false, 0, end, -1, -1);
            case UP -> new ScriptSections(true, upStart, end, -1, -1);
            case DOWN -> new ScriptSections(true, upStart, upEnd, downStart, end);
        };
    }
}
