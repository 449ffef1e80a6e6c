package io.confiture.build;

/** Follows the bytes of one text and finds where they stop to be UTF-8, or are NUL, which the server takes in no text. */
final class Utf8 {
    private int line = 1;
    /** How many bytes the character that has begun still needs, and the bounds of the next one. */
    private int missing;

    private int lowest;
    private int highest;

    /** The line of a byte that cannot be; 0 if all is well so far. */
    int lineOfWrongByte(byte[] bytes, int count) {
        int i = 0;
        while (i < count) {
            int b = bytes[i++];
            if (missing == 0 && b > 0) {
                if (b == '\n') {
                    line++;
                }
            } else if (!accept(b & 0xFF)) {
                return line;
            }
        }
        return 0;
    }

    /** The line of a character that has begun and not ended; 0 if there is none. */
    int lineOfOpenCharacter() {
        return missing == 0 ? 0 : line;
    }

    private boolean accept(int b) {
        if (missing > 0) {
            boolean within = b >= lowest && b <= highest;
            missing--;
            lowest = 0x80;
            highest = 0xBF;
            return within;
        }
        missing = b >= 0xF0 ? 3 : b >= 0xE0 ? 2 : 1;
        lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        return b >= 0xC2 && b <= 0xF4;
    }
}
