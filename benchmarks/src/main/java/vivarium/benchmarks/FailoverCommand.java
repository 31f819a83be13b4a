package vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vivarium.benchmarks.failover.Failover;
import vivarium.benchmarks.servers.Launch;

/** Kills leaders, and measures how long nothing is acknowledged. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Starts three servers of Apache's and three of ours, and kills the leader of each in"
                + " turn under load, with kill -9. Prints the longest time without an acknowledged"
                + " write, as clients see it that know all servers.",
            "",
            "tickTime is 2000, the limits are those of ZooKeeper's sample configuration.",
            ""
        })
final class FailoverCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-k", "--kills"},
            description = "leaders of each that are killed (default: ${DEFAULT-VALUE})")
    private int kills = 20;

    @Option(
            names = {"-c", "--clients"},
            description = "clients of each that write all the while (default: ${DEFAULT-VALUE})")
    private int clients = 8;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path house = Path.of(System.getProperty("vivarium.house", ".")).toAbsolutePath();
        Launch launch = new Launch(house, Launch.USUAL_HEAP_MEGABYTES, true, List.of(), List.of());
        Path directory = Files.createTempDirectory("failover");
        CommandSpec command = spec;
        if (command == null) {
            throw new IllegalStateException("picocli has not set the command");
        }
        var out = command.commandLine().getOut();
        new Failover(
                        directory,
                        launch,
                        clients,
                        line -> {
                            out.println(line);
                            out.flush();
                        })
                .run(kills);
        return 0;
    }
}
