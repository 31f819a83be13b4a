package vivarium.properties.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.zab.Message;

/** Every action of the specification has its code, and all that the core handles its action. */
final class ActionsTest {
    private static final Path SPEC = Path.of("..", "spec");
    private static final String HOME = "vivarium.";
    private static final List<String> MODULES =
            List.of("Zab", "Election", "Disk", "Watches", "Sessions");
    private static final Pattern HANDLER = Pattern.compile("on([A-Z]\\w*)?");
    private static final JavaClasses CODE =
            new ClassFileImporter().importPackages("vivarium.core", "vivarium.storage");

    @Test
    void noActionAndNoHandlerIsAlone() throws IOException {
        assertEquals(List.of(), orphans(Actions.read(SPEC.resolve("actions.tsv")), ""));
    }

    @Test
    void eachOrphanIsNamed() throws IOException {
        List<Actions.Row> rows = Actions.read(SPEC.resolve("actions.tsv"));
        rows.removeIf(row -> row.action().equals("OnAck") || row.action().equals("Roll"));
        rows.add(Actions.row("Zab\tOnNothing\tcore.zab.Looking.never\tMessage.Never\tOnNothing"));
        assertEquals(
                List.of(
                        "OnNothing: no action of Zab",
                        "OnAck of Zab: not in actions.tsv",
                        "Roll of Disk: not in actions.tsv",
                        "Extra of Sessions: not in actions.tsv",
                        "core.zab.Looking.never: no such method",
                        "core.zab.LeaderBroadcast.on: a handler without an action",
                        "core.zab.LeaderBroadcast.onAck: a handler without an action",
                        "core.zab.LeaderSynchronization.on: a handler without an action",
                        "Message.Never: the core knows no such thing",
                        "Message.Ack: taken by no action",
                        "OnNothing: TraceZab has no such line",
                        "OnAck: a line of traces that no action has"),
                orphans(rows, "Sessions"));
    }

    /** README.md shows the same table to people. */
    @Test
    void theReadmeHasEachActionOfZab() throws IOException {
        TreeSet<String> shown = new TreeSet<>();
        Matcher cell = Pattern.compile("`(\\w+)`").matcher("");
        for (String line : Files.readAllLines(SPEC.resolve("README.md"))) {
            if (line.startsWith("| `")) {
                cell.reset(line.substring(0, line.indexOf('|', 1)));
                while (cell.find()) {
                    shown.add(cell.group(1));
                }
            }
        }
        assertEquals(Actions.inNext(Files.readString(SPEC.resolve("Zab.tla"))), shown);
    }

    /**
     * @param changed a module to which an action is added first
     */
    private static List<String> orphans(List<Actions.Row> rows, String changed) throws IOException {
        List<String> orphans = new ArrayList<>();
        for (String name : MODULES) {
            String module = Files.readString(SPEC.resolve(name + ".tla"));
            Set<String> actions = Actions.inNext(module);
            if (name.equals(changed)) {
                actions.add("Extra");
            }
            TreeSet<String> rowed = new TreeSet<>();
            rows.stream()
                    .filter(row -> row.module().equals(name))
                    .forEach(row -> rowed.add(row.action()));
            rowed.stream()
                    .filter(action -> !actions.contains(action))
                    .forEach(action -> orphans.add(action + ": no action of " + name));
            actions.stream()
                    .filter(action -> !rowed.contains(action))
                    .forEach(
                            action -> orphans.add(action + " of " + name + ": not in actions.tsv"));
        }
        methods(rows, orphans);
        kinds(rows, orphans);
        lines(rows, orphans);
        return orphans;
    }

    private static void methods(List<Actions.Row> rows, List<String> orphans) {
        TreeSet<String> known = new TreeSet<>();
        TreeSet<String> handlers = new TreeSet<>();
        for (JavaClass type : CODE) {
            for (JavaMethod method : type.getMethods()) {
                String name = type.getName().substring(HOME.length()) + "." + method.getName();
                known.add(name);
                boolean written = !method.getModifiers().toString().contains("SYNTHETIC");
                if (written
                        && !type.isAnonymousClass()
                        && type.getPackageName().startsWith("vivarium.core")
                        && HANDLER.matcher(method.getName()).matches()) {
                    handlers.add(name);
                }
            }
        }
        TreeSet<String> named = new TreeSet<>();
        rows.forEach(row -> named.addAll(row.methods()));
        named.stream()
                .filter(method -> !known.contains(method))
                .forEach(method -> orphans.add(method + ": no such method"));
        handlers.stream()
                .filter(handler -> !named.contains(handler))
                .forEach(handler -> orphans.add(handler + ": a handler without an action"));
    }

    /** Inputs and messages, by the names that they have inside of Input and Message. */
    private static void kinds(List<Actions.Row> rows, List<String> orphans) {
        TreeSet<String> kinds = new TreeSet<>();
        leaves(Input.class, kinds);
        leaves(Message.class, kinds);
        TreeSet<String> taken = new TreeSet<>();
        rows.forEach(row -> taken.addAll(row.taken()));
        // It is its message that counts.
        taken.add("Input.Received");
        taken.stream()
                .filter(kind -> !kinds.contains(kind))
                .forEach(kind -> orphans.add(kind + ": the core knows no such thing"));
        kinds.stream()
                .filter(kind -> !taken.contains(kind))
                .forEach(kind -> orphans.add(kind + ": taken by no action"));
    }

    private static void leaves(Class<?> type, Set<String> found) {
        Class<?>[] permitted = type.getPermittedSubclasses();
        if (permitted == null) {
            found.add(type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName());
            return;
        }
        for (Class<?> each : permitted) {
            leaves(each, found);
        }
    }

    private static void lines(List<Actions.Row> rows, List<String> orphans) throws IOException {
        TreeSet<String> read = new TreeSet<>();
        Matcher line =
                Pattern.compile("Line\\.act = \"(\\w+)\" ->")
                        .matcher(Files.readString(SPEC.resolve("trace/TraceZab.tla")));
        while (line.find()) {
            read.add(line.group(1));
        }
        // The step after which nothing but the peer's sketch has changed.
        read.remove("Nothing");
        TreeSet<String> had = new TreeSet<>();
        rows.forEach(row -> had.addAll(row.lines().keySet()));
        had.stream()
                .filter(name -> !read.contains(name))
                .forEach(name -> orphans.add(name + ": TraceZab has no such line"));
        read.stream()
                .filter(name -> !had.contains(name))
                .forEach(name -> orphans.add(name + ": a line of traces that no action has"));
    }
}
