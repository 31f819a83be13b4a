package vivarium.properties.languages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/**
 * Clients that other people have written in other languages connect, write, read, watch, lock and
 * survive a restart of the server. A client that this machine has not is left out.
 */
@Tag("clients")
class OtherLanguagesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLI = "/usr/lib/zookeeper/bin/cli_mt";

    @TempDir Path dir = Path.of("");

    private @Nullable ServerUnderTest server;
    private @Nullable Process client;

    @BeforeEach
    void startServer() {
        ServerUnderTest started =
                Brand.underTest().embedded(dir.resolve("data"), Settings.standard());
        started.start();
        server = started;
    }

    @AfterEach
    void end() {
        if (client != null) {
            client.destroyForcibly();
        }
        if (server != null) {
            server.stop();
        }
    }

    private ServerUnderTest server() {
        if (server == null) {
            throw new IllegalStateException("no server");
        }
        return server;
    }

    private Path output() {
        return dir.resolve("output");
    }

    private String said() throws IOException {
        return Files.exists(output()) ? Files.readString(output()) : "";
    }

    private Process run(List<String> command, String... environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output().toFile());
        for (int i = 0; i < environment.length; i += 2) {
            builder.environment().put(environment[i], environment[i + 1]);
        }
        Process started = builder.start();
        client = started;
        return started;
    }

    private static void tell(Process process, String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private void await(String text) throws Exception {
        Await.until(
                text,
                PATIENCE,
                () -> {
                    if (said().contains(text)) {
                        return true;
                    }
                    Process asked = client;
                    if (asked != null && !asked.isAlive()) {
                        throw new AssertionError("instead of " + text + ": " + said());
                    }
                    return false;
                });
    }

    private static boolean has(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false; // there is no such program
        }
    }

    /** A script that asks for the restart by itself. */
    private void tryScript(List<String> command, String... environment) throws Exception {
        Process process = run(command, environment);
        await("restart\n");
        server().restart();
        tell(process, "restarted");
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertEquals("restart\ndone\n", said(), () -> "ended: " + ended);
        assertEquals(0, process.exitValue());
    }

    private static String script(String name) {
        return Path.of("src/test/resources/clients", name).toAbsolutePath().toString();
    }

    @Test
    void kazooOfPython() throws Exception {
        String python = "/usr/bin/python3";
        assumeTrue(has(python, "-c", "import kazoo"), "no python3-kazoo");
        tryScript(List.of(python, script("kazoo_client.py"), server().connectString()));
    }

    @Test
    void nodeZooKeeperClientOfJavaScript() throws Exception {
        assumeTrue(has("node", "--version"), "no node");
        Path modules = Path.of("target", "node").toAbsolutePath();
        assumeTrue(
                Files.exists(modules.resolve("node_modules/node-zookeeper-client"))
                        || has(
                                "npm",
                                "install",
                                "--silent",
                                "--no-audit",
                                "--prefix",
                                modules.toString(),
                                "node-zookeeper-client@1.1.3"),
                "npm can't install node-zookeeper-client");
        tryScript(
                List.of("node", script("node_client.js"), server().connectString()),
                "NODE_PATH",
                modules.resolve("node_modules").toString());
    }

    @Test
    void theCommandLineOfTheCLibrary() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(CLI)), "no zookeeper-bin");
        Process cli = run(List.of(CLI, server().connectString()));
        tell(cli, "create /c");
        tell(cli, "set /c one");
        tell(cli, "create +e /c/mine");
        tell(cli, "create +s /c/lock-");
        tell(cli, "wexists /c");
        tell(cli, "ls /c");
        await("mine");
        await("lock-0000000001");
        tell(cli, "set /c two");
        await("CHANGED_EVENT");
        server().restart();
        tell(cli, "get /c");
        tell(cli, "exists /c/mine");
        await("value_len = 3");
        await("two");
        await("ephemeralOwner");
        tell(cli, "quit");
        assertEquals(true, cli.waitFor(20, TimeUnit.SECONDS), this::saidOrNothing);
    }

    private String saidOrNothing() {
        try {
            return said();
        } catch (IOException e) {
            return "" + e;
        }
    }
}
