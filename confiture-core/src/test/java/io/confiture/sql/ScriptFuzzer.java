package io.confiture.sql;

/** Jazzer's way to {@link ScriptProperties}; the profile {@code fuzz} runs it, {@link FuzzInputsTest} repeats what it found. */
final class ScriptFuzzer {
    private ScriptFuzzer() {}

    public static void fuzzerTestOneInput(byte[] script) {
        ScriptProperties.check(script);
    }
}
