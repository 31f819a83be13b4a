package vivarium.properties.planted;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mistake that somebody could make: a change of one source file of the server, and the check that
 * must fall on it.
 *
 * @param room what part of the server it is about
 * @param name words with hyphens between them, unlike any other mistake's
 * @param file the source, below {@code impl/src/main/java/vivarium}
 * @param thought what whoever makes it has in mind
 * @param reason why it does no harm, so that no check can fall on it; else empty
 * @param changes what is written instead of what
 * @param check where it is looked for
 * @param falls the invariants, or the methods of the test, one of which must fall; of a test, none
 *     means any
 */
record Mistake(
        String room,
        String name,
        String file,
        String thought,
        String reason,
        List<Change> changes,
        Check check,
        List<String> falls) {

    /** Whether a text is the same but for its blanks and the ends of its lines decides nobody. */
    record Change(String before, String after) {
        /** Words and signs, with whatever blanks a formatter puts between them. */
        private Pattern pattern() {
            StringBuilder pattern = new StringBuilder();
            for (String word : before.strip().split("\\s+", -1)) {
                pattern.append(pattern.isEmpty() ? "" : "\\s+").append(Pattern.quote(word));
            }
            return Pattern.compile(pattern.toString());
        }
    }

    /** Where a mistake is looked for. */
    sealed interface Check {
        /** In the simulated world, seed by seed, with acts of so many seconds. */
        record World(int servers, int observers, int actSeconds) implements Check {}

        /** In a class of tests, below {@code vivarium.properties}. */
        record Tests(String type) implements Check {}

        /** As the catalogue writes it. */
        default String text() {
            return switch (this) {
                case World world ->
                        "world "
                                + world.servers
                                + (world.observers == 0 ? "" : "+" + world.observers)
                                + (world.actSeconds == 8 ? "" : " act " + world.actSeconds);
                case Tests tests -> "test " + tests.type;
            };
        }
    }

    Mistake {
        changes = List.copyOf(changes);
        falls = List.copyOf(falls);
    }

    /** The type that the source declares. */
    String type() {
        return "vivarium." + file.replace(".java", "").replace('/', '.');
    }

    /**
     * The source with the mistake in it.
     *
     * @throws IllegalStateException with the mistake's name, where what it changes is not in the
     *     source, or more than once: the source has changed, and the mistake has to follow
     */
    String plantedIn(String source) {
        String planted = source;
        for (Change change : changes) {
            Matcher found = change.pattern().matcher(planted);
            if (!found.find()) {
                throw new IllegalStateException(name + ": " + file + " has no " + change.before);
            }
            int start = found.start();
            int end = found.end();
            if (found.find()) {
                throw new IllegalStateException(
                        name + ": " + file + " has more than one " + change.before);
            }
            planted = planted.substring(0, start) + change.after + planted.substring(end);
        }
        return planted;
    }
}
