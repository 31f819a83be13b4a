package vivarium.net;

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
}
