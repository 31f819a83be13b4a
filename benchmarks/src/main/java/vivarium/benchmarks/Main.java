package vivarium.benchmarks;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import vivarium.benchmarks.compare.BigTreeCommand;
import vivarium.benchmarks.compare.CompareCommand;
import vivarium.benchmarks.compare.ReportCommand;
import vivarium.benchmarks.growth.GrowCommand;
import vivarium.benchmarks.jmh.JmhCommand;
import vivarium.benchmarks.jmh.StepsCommand;

/** What stands behind {@code benchmarks/bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        version = "bench " + Main.VERSION,
        description = {
            "Measures what the server costs, alone and beside Apache's ZooKeeper.",
            "",
            "Every figure that matters is a ratio of two servers in the same run on the same"
                    + " machine: absolute figures say more about the machine than about a server."
                    + " Let nothing else run meanwhile; what does run is reported.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  bench compare                   all of docs/performance.md, 40 minutes",
            "  bench compare --quick           the same, rougher, in 5 minutes",
            "  bench bigtree                   a million znodes: memory and start",
            "  bench grow                      curves by members, znodes, connections, bytes,"
                    + " watches",
            "  bench load localhost:2181 -w mixed -n 128",
            "                                  a load on any server",
            "  bench idle                      10,000 sessions that do nothing",
            "  bench failover                  three servers of each, whose leader is killed",
            "  bench jmh CoreStep              steps of the core, with bytes allocated",
            "  bench steps                     how long steps are while a snapshot is taken",
            "  bench snapshots                 throughput while snapshots are taken"
        },
        subcommands = {
            CompareCommand.class,
            BigTreeCommand.class,
            GrowCommand.class,
            ReportCommand.class,
            LoadCommand.class,
            IdleCommand.class,
            FailoverCommand.class,
            JmhCommand.class,
            StepsCommand.class,
            SnapshotsCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    static final String VERSION = "0.1";

    /** Runs a command and ends the JVM with its exit code: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        CommandLine commands = new CommandLine(new Main());
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setExecutionExceptionHandler((exception, command, _) -> {
            if (exception instanceof IOException) {
                command.getErr().println("bench: " + exception.getMessage());
                return 1;
            }
            throw exception;
        });
        System.exit(commands.execute(arguments));
    }
}
