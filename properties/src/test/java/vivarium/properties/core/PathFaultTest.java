package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import vivarium.core.tree.Path;

/**
 * The rules for paths, which are applied to UTF-8, beside the same said of a string's characters.
 */
class PathFaultTest {
    /** What rules begin and end at, in UTF-16: a pair of surrogates is one character of UTF-8. */
    private static final String[] PIECES = {
        "/",
        "/",
        "/",
        ".",
        "..",
        "a",
        "Z",
        " ",
        "~",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u0080",
        "\u009f",
        "\u00a0",
        "\u07ff",
        "\u0800",
        "\ud7ff",
        "\ue000",
        "\uf8ff",
        "\uf900",
        "\uffef",
        "\ufff0",
        "\ufffd",
        "\uffff",
        "\ud83d\ude00"
    };

    private static boolean mayBe(String path) {
        if (!path.startsWith("/")) {
            return false;
        }
        if (path.length() == 1) {
            return true;
        }
        for (String name : path.substring(1).split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return path.chars().allMatch(PathFaultTest::mayBe);
    }

    private static boolean mayBe(int unit) {
        return unit > 0x1f
                && !(unit >= 0x7f && unit <= 0x9f)
                && !(unit >= 0xd800 && unit <= 0xf8ff)
                && unit < 0xfff0;
    }

    @Test
    void pathsAreJudgedByTheirBytesAsByTheirCharacters() {
        SplittableRandom random = new SplittableRandom(20_26);
        int allowed = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder path = new StringBuilder(random.nextInt(8) == 0 ? "" : "/");
            int pieces = random.nextInt(7);
            for (int piece = 0; piece < pieces; piece++) {
                path.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String text = path.toString();
            allowed += mayBe(text) ? 1 : 0;
            assertEquals(mayBe(text), Path.of(text).fault() == null, () -> escaped(text));
        }
        assertTrue(allowed > 10_000, allowed + " were allowed");
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(unit -> out.append(String.format("\\u%04x", unit)));
        return out.toString();
    }

    @Test
    void everyCharacterOfTwoAndThreeBytesIsJudgedByItself() {
        for (int unit = 1; unit <= 0xffff; unit++) {
            if (unit != '/' && unit != '.' && !Character.isSurrogate((char) unit)) {
                Path path = Path.of("/a" + (char) unit);
                if (mayBe(unit)) {
                    assertNull(path.fault());
                } else {
                    assertNotNull(path.fault());
                }
            }
        }
    }

    /** A parent's counter wraps after two thousand million children, and C's printf goes on. */
    @Test
    void aSequenceNumberHasTenDigitsAndItsSign() {
        assertEquals("/a0000000000", numbered(0));
        assertEquals("/a2147483647", numbered(Integer.MAX_VALUE));
        assertEquals("/a-2147483648", numbered(Integer.MIN_VALUE));
        assertEquals("/a-000000001", numbered(-1));
    }

    private static String numbered(int counter) {
        return Path.of("/a").withSequence(counter).toString();
    }
}
