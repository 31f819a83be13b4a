package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.servers.RunningServer;

/** One command starts a whole ensemble, says where it is, and stops all of it. */
class LocalEnsembleTest {
    private static final String ALL = "all serve; clients connect to ";

    @TempDir Path dir = Path.of("");

    private Process serve(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("vivarium.server.Main");
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(dir.resolve("err").toFile()).start();
    }

    private String addresses(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        while (line != null && !line.startsWith(ALL)) {
            line = reader.readLine();
        }
        assertTrue(line != null, Files.readString(dir.resolve("err")));
        return line == null ? "" : line.substring(ALL.length());
    }

    @Test
    void threeServersStartTogetherKeepTheirDataAndStopOnSigterm() throws Exception {
        String[] command = {"--ensemble", "3", "-p", "0", "-d", dir.resolve("data").toString()};
        Process first = serve(command);
        try {
            String addresses = addresses(first);
            assertEquals(3, addresses.split(",", -1).length);
            ZooKeeper client = RunningServer.connect(addresses, 10_000);
            client.create("/a", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.close();
            first.destroy();
            assertTrue(first.waitFor(10, TimeUnit.SECONDS));
            assertEquals(0, first.exitValue());
        } finally {
            first.destroyForcibly();
        }
        Process again = serve(command);
        try {
            for (String address : addresses(again).split(",", -1)) {
                ZooKeeper client = RunningServer.connect(address, 10_000);
                assertTrue(client.exists("/a", false) != null, address);
                client.close();
            }
        } finally {
            again.destroyForcibly();
        }
    }

    @Test
    void aConfigurationFileHasNoPlaceThere() throws Exception {
        Process process = serve("--ensemble", "3", "zoo.cfg");
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertTrue(Files.readString(dir.resolve("err")).contains("takes no zoo.cfg"));
    }
}
