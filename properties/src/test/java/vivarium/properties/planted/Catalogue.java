package vivarium.properties.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vivarium.properties.planted.Mistake.Change;
import vivarium.properties.planted.Mistake.Check;

/**
 * All mistakes that are planted, as the files called {@code *.mistakes} beside this class have
 * them, one file a room:
 *
 * <pre>
 * === name-of-the-mistake
 * file core/Ensemble.java
 * thought what whoever makes it has in mind
 * check world 4+1 act 30
 * falls OneInvariant AnotherInvariant
 * --- text that is in the file once
 * +++ what is there instead
 * </pre>
 *
 * Files called {@code *.open} have those that were not caught, files called {@code *.harmless}
 * those that can't be, each with one more line, {@code reason why it does no harm}. The check may
 * also be {@code test storage.TxnLogTest}. The two texts go on over the lines that follow, and
 * there may be more such pairs. Lines before the first mistake are for people.
 */
public final class Catalogue {
    private static final Path FOLDER =
            Path.of("src/test/resources/vivarium/properties/planted").toAbsolutePath();
    private static final Pattern WORLD =
            Pattern.compile("world (\\d+)(?:\\+(\\d+))?(?: act (\\d+))?");
    private static final Pattern TESTS = Pattern.compile("test ([\\w.]+)");
    private static final int ACT_SECONDS = 8;

    private final String room;
    private final List<Mistake> read = new ArrayList<>();
    private final Map<String, String> head = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private StringBuilder before = new StringBuilder();
    private StringBuilder after = new StringBuilder();
    private StringBuilder text = new StringBuilder();
    private String name = "";

    private Catalogue(String room) {
        this.room = room;
    }

    /** All of them, room by room, in the order of the files. */
    static List<Mistake> all() throws IOException {
        return all(".mistakes");
    }

    /** Those that no check falls on yet: holes to be filled, or harmless, which is not known. */
    static List<Mistake> open() throws IOException {
        return all(".open");
    }

    /** Those that no check can fall on, each with the reason why it does no harm. */
    static List<Mistake> harmless() throws IOException {
        return all(".harmless");
    }

    private static List<Mistake> all(String ending) throws IOException {
        List<Mistake> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                String fileName = String.valueOf(file.getFileName());
                if (fileName.endsWith(ending)) {
                    String room = fileName.substring(0, fileName.indexOf('.'));
                    List<Mistake> found = read(room, Files.readAllLines(file));
                    for (Mistake mistake : found) {
                        if (mistake.reason().isEmpty() == ending.equals(".harmless")) {
                            throw new IllegalArgumentException(
                                    fileName + " says why it is harmless, and only it: " + mistake);
                        }
                    }
                    all.addAll(found);
                }
            }
        }
        return all;
    }

    /** The names of the mistakes on which each check falls, by the name of what falls. */
    public static Map<String, List<String>> namesByCheck() throws IOException {
        Map<String, List<String>> names = new TreeMap<>();
        for (Mistake mistake : all()) {
            String type = mistake.check() instanceof Check.Tests tests ? tests.type() : "";
            String simple = type.substring(type.lastIndexOf('.') + 1);
            if (!simple.isEmpty()) {
                names.computeIfAbsent(simple, _ -> new ArrayList<>()).add(mistake.name());
            }
            for (String fall : mistake.falls()) {
                String key = simple.isEmpty() ? fall : simple + "." + fall;
                names.computeIfAbsent(key, _ -> new ArrayList<>()).add(mistake.name());
            }
        }
        return names;
    }

    /** What the lines of one file say. */
    static List<Mistake> read(String room, List<String> lines) {
        Catalogue catalogue = new Catalogue(room);
        for (int i = 0; i < lines.size(); i++) {
            try {
                catalogue.take(lines.get(i));
            } catch (IllegalArgumentException e) {
                String place = room + ".mistakes:" + (i + 1) + ": ";
                throw new IllegalArgumentException(place + e.getMessage(), e);
            }
        }
        catalogue.endMistake();
        return catalogue.read;
    }

    private void take(String line) {
        if (line.startsWith("=== ")) {
            endMistake();
            name = line.substring(4).strip();
        } else if (line.startsWith("---")) {
            endChange();
            before = new StringBuilder(line.substring(3));
            text = before;
        } else if (line.startsWith("+++")) {
            after = new StringBuilder(line.substring(3));
            text = after;
        } else if (!before.isEmpty()) {
            text.append('\n').append(line);
        } else if (!name.isEmpty() && !line.isBlank()) {
            int blank = line.indexOf(' ');
            if (blank < 0) {
                throw new IllegalArgumentException("expected a key and a value");
            }
            head.put(line.substring(0, blank), line.substring(blank + 1).strip());
        }
    }

    private void endChange() {
        if (!before.isEmpty()) {
            if (before.toString().isBlank()) {
                throw new IllegalArgumentException(name + " changes nothing");
            }
            changes.add(new Change(before.toString().strip(), after.toString().strip()));
        }
        before = new StringBuilder();
        after = new StringBuilder();
    }

    private void endMistake() {
        endChange();
        if (!name.isEmpty()) {
            if (changes.isEmpty()) {
                throw new IllegalArgumentException(name + " changes nothing");
            }
            String falls = head.getOrDefault("falls", "");
            Check check = check(value("check"));
            if (falls.isEmpty() && check instanceof Check.World) {
                throw new IllegalArgumentException(name + " says nothing of what falls");
            }
            read.add(
                    new Mistake(
                            room,
                            name,
                            value("file"),
                            value("thought"),
                            head.getOrDefault("reason", ""),
                            changes,
                            check,
                            falls.isEmpty() ? List.of() : List.of(falls.split(" +", -1))));
        }
        head.clear();
        changes.clear();
    }

    private String value(String key) {
        String value = head.get(key);
        if (value == null) {
            throw new IllegalArgumentException(name + " has no " + key);
        }
        return value;
    }

    static Check check(String text) {
        Matcher world = WORLD.matcher(text);
        if (world.matches()) {
            return new Check.World(
                    Integer.parseInt(world.group(1)),
                    world.group(2) == null ? 0 : Integer.parseInt(world.group(2)),
                    world.group(3) == null ? ACT_SECONDS : Integer.parseInt(world.group(3)));
        }
        Matcher tests = TESTS.matcher(text);
        if (tests.matches()) {
            return new Check.Tests(tests.group(1));
        }
        throw new IllegalArgumentException("no check: " + text);
    }
}
