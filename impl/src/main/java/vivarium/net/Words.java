package vivarium.net;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Answers the four-letter words that operators send instead of a connect request. */
public interface Words {
    /** Whether {@code word} is one; otherwise its four bytes are taken as a frame's length. */
    boolean knows(String word);

    /** Whether eight bytes follow {@code word}, a number that belongs to it. */
    boolean takesNumber(String word);

    /**
     * Answers {@code word}.
     *
     * @param number what followed the word; 0 where nothing does
     * @param connection who asks
     * @param answer takes the whole text, once, on the loop's thread, now or later
     */
    void answer(String word, long number, long connection, Consumer<String> answer);

    /** Whether a frame's length is a word of {@code words}. */
    static boolean isOne(Words words, int first) {
        return Character.isLowerCase(first >>> 24) && words.knows(of(first));
    }

    /** The letters that a frame's length would be. */
    static String of(int first) {
        byte[] letters = {
            (byte) (first >>> 24), (byte) (first >>> 16), (byte) (first >>> 8), (byte) first
        };
        return new String(letters, StandardCharsets.ISO_8859_1);
    }
}
