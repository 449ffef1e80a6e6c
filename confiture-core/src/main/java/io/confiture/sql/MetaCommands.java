package io.confiture.sql;

/** What to say about psql's own commands, which no server knows. */
final class MetaCommands {
    private MetaCommands() {}

    /** Whether it only guards psql itself, as {@code pg_dump} writes them. */
    static boolean isHarmless(String command) {
        return command.equals("\\restrict") || command.equals("\\unrestrict");
    }

    static String problem(String command) {
        return switch (command) {
            case "\\." -> "\\. without a COPY … FROM STDIN that it would end";
            case "\\" -> "a backslash outside a literal";
            default -> command + " is a command of psql, not SQL";
        };
    }

    static String hint(String command) {
        return switch (command) {
            case "\\." ->
                "Remove it, or check that the COPY statement above reads FROM STDIN and ends with a semicolon.";
            case "\\" -> "Remove it.";
            case "\\c", "\\connect" ->
                "A script runs in one database, over one connection; give the other database its own.";
            case "\\i", "\\ir", "\\include", "\\include_relative" ->
                "Write the included statements here, or in a file of" + " their own.";
            case "\\set", "\\unset", "\\prompt", "\\gset" ->
                "Variables of psql are not replaced; write the value itself.";
            case "\\gexec" -> "Use a DO block that EXECUTEs the texts.";
            case "\\copy" -> "Use COPY … FROM STDIN and put the rows below it, ended by a line with \\. alone.";
            case "\\if", "\\elif", "\\else", "\\endif" -> "Use IF in a DO block.";
            case "\\g", "\\gx", "\\gdesc", "\\crosstabview" -> "End the statement with a semicolon.";
            default -> "Remove the line.";
        };
    }
}
