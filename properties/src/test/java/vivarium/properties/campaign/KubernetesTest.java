package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import vivarium.properties.campaign.Simulate.Ended;

/**
 * The manifests of campaigns over many machines and the image they name. No cluster is at hand
 * where this runs: what they say is done here as a cluster would do it.
 */
class KubernetesTest {
    private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
    private static final Path FOLDER = HOUSE.resolve("simulation/kubernetes");
    private static final String INDEX = "JOB_COMPLETION_INDEX";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\(([A-Za-z_]+)\\)");

    @TempDir private Path reports = Path.of("");

    @Test
    void theIndexesOfTheJobCoverEverySeedOnce() throws IOException {
        Map<String, Object> job = job("campaign.yaml", "vivarium-campaign");
        Map<String, Object> spec = map(job, "spec");
        assertEquals("Indexed", spec.get("completionMode"));
        int completions = number(spec, "completions");
        assertTrue(number(spec, "parallelism") <= completions);
        List<String> arguments = arguments(job);
        assertEquals("" + completions, valueOf(arguments, "--parts"));
        long next = Long.parseLong(valueOf(arguments, "--from"));
        long end = next + Long.parseLong(valueOf(arguments, "--seeds"));
        for (int index = 0; index < completions; index++) {
            List<String> expanded = new ArrayList<>(expand(arguments, "" + index));
            expanded.addAll(List.of("--part", "" + index, "--dry-run"));
            Ended ended = Simulate.ask(expanded.toArray(String[]::new));
            assertEquals(0, ended.code(), ended.said());
            String[] seeds = ended.after("seeds ").split("( of |\\.\\.)", -1);
            assertEquals(next, Long.parseLong(seeds[0]), "a gap or an overlap at " + index);
            next = Long.parseLong(seeds[1]) + 1;
        }
        assertEquals(end, next);
    }

    /** The same command with few seeds, as two of the pods would run it, and then the merge. */
    @Test
    void whatThePodsRunCanBeRunAndJoined() throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String argument : arguments(job("campaign.yaml", "vivarium-campaign"))) {
            arguments.add(
                    argument.startsWith("--seeds=")
                            ? "--seeds=4"
                            : argument.startsWith("--parts=") ? "--parts=2" : argument);
        }
        arguments.add("--act=2");
        for (String index : List.of("0", "1")) {
            Ended pod = Simulate.run(Map.of(INDEX, index), expand(arguments, index));
            assertEquals(0, pod.code(), pod.said());
        }
        // Moved to another machine after its end: there is nothing left to do.
        Ended again = Simulate.run(Map.of(INDEX, "0"), expand(arguments, "0"));
        assertEquals("1..2", again.after("going on; run before: "));
        Ended merged =
                Simulate.run(Map.of(), expand(arguments(job("merge.yaml", "vivarium-merge")), ""));
        assertEquals(0, merged.code(), merged.said());
        assertEquals("1..4", merged.after("seeds run: "));
        assertTrue(Files.exists(reports.resolve("whole/report.html")));
    }

    @Test
    void theImageHasWhatTheManifestsRun() throws Exception {
        List<String> lines = Files.readAllLines(HOUSE.resolve("simulation/Containerfile"));
        List<String> copied = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("COPY ") && !line.startsWith("COPY --from")) {
                String source = line.split(" ", -1)[1];
                assertTrue(Files.exists(HOUSE.resolve(source)), source);
                copied.add(source);
            }
        }
        for (String module : modules()) {
            assertTrue(
                    copied.contains(module) || copied.contains(module + "/pom.xml"),
                    module + " is a module that the build asks for");
        }
        String pom = Files.readString(HOUSE.resolve("simulation/pom.xml"));
        assertTrue(pom.contains("<finalName>simulation</finalName>"));
        assertTrue(pom.contains("<classpathPrefix>lib/</classpathPrefix>"));
        assertTrue(
                lines.contains(
                        "COPY --from=build /house/simulation/target/simulation.jar"
                                + " /opt/vivarium/simulation.jar"));
        List<Object> entry = list(yaml(lineAfter(lines, "ENTRYPOINT ")).getFirst());
        assertEquals("java", entry.getFirst());
        assertEquals(
                List.of("-jar", "/opt/vivarium/simulation.jar"),
                entry.subList(entry.size() - 2, entry.size()));
        List<String> flags = new ArrayList<>();
        flags.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        entry.subList(1, entry.size() - 2).forEach(flag -> flags.add(String.valueOf(flag)));
        flags.add("-version");
        Process java =
                new ProcessBuilder(flags)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertTrue(java.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, java.exitValue(), flags + " are no flags of this JVM");
    }

    private static List<String> modules() throws IOException {
        Matcher modules =
                Pattern.compile("<module>(.*?)</module>")
                        .matcher(Files.readString(HOUSE.resolve("pom.xml")));
        List<String> names = new ArrayList<>();
        while (modules.find()) {
            names.add(modules.group(1));
        }
        return names;
    }

    private static String lineAfter(List<String> lines, String words) {
        return lines.stream()
                .filter(line -> line.startsWith(words))
                .findFirst()
                .orElseThrow()
                .substring(words.length());
    }

    // ---- what a cluster does with a manifest

    private static Map<String, Object> job(String file, String name) throws IOException {
        for (Object document : yaml(Files.readString(FOLDER.resolve(file)))) {
            Map<String, Object> resource = map(document);
            if (name.equals(map(resource, "metadata").get("name"))) {
                assertEquals("Job", resource.get("kind"));
                assertEquals("batch/v1", resource.get("apiVersion"));
                return resource;
            }
        }
        throw new AssertionError(name + " is not in " + file);
    }

    private static List<String> arguments(Map<String, Object> job) throws IOException {
        Map<String, Object> pod = map(map(map(job, "spec"), "template"), "spec");
        List<Object> containers = list(pod.get("containers"));
        assertEquals(1, containers.size());
        Map<String, Object> container = map(containers.getFirst());
        String image = String.valueOf(container.get("image"));
        assertTrue(
                Files.readString(HOUSE.resolve("simulation/Containerfile"))
                        .contains("-t " + image + " "),
                image);
        assertEquals(null, container.get("command"), "the image's own entry point is meant");
        List<String> arguments = new ArrayList<>();
        list(container.get("args")).forEach(argument -> arguments.add("" + argument));
        return arguments;
    }

    /** Variables in parentheses are replaced by the kubelet; the index is the only one there is. */
    private List<String> expand(List<String> arguments, String index) {
        List<String> expanded = new ArrayList<>();
        for (String argument : arguments) {
            Matcher variable = VARIABLE.matcher(argument);
            while (variable.find()) {
                assertEquals(INDEX, variable.group(1));
            }
            expanded.add(
                    argument.replace("$(" + INDEX + ")", index)
                            .replace("/reports", reports.toString()));
        }
        return expanded;
    }

    private static String valueOf(List<String> arguments, String option) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(option + "="))
                .map(argument -> argument.substring(option.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static List<Object> yaml(String text) {
        List<Object> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text).forEach(documents::add);
        return documents;
    }

    private static Map<String, Object> map(Map<String, Object> parent, String key) {
        return map(parent.get(key));
    }

    @SuppressWarnings("unchecked") // The keys of a manifest are words.
    private static Map<String, Object> map(@Nullable Object value) {
        assertNotNull(value);
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(@Nullable Object value) {
        assertNotNull(value);
        return (List<Object>) value;
    }

    private static int number(Map<String, Object> parent, String key) {
        return (Integer) Objects.requireNonNull(parent.get(key));
    }
}
