package vivarium.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reports again what a comparison has written down. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Prints the tables of a comparison's JSON again, and draws its chart.")
public final class ReportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RESULTS.json", description = "what compare has written")
    private Path json = Path.of("");

    @Option(names = "--svg", paramLabel = "FILE", description = "where to draw the chart")
    private @Nullable Path svg;

    @Override
    public Integer call() throws IOException {
        Results results = Results.read(json);
        System.out.print(Report.markdown(results));
        if (svg != null) {
            Files.writeString(svg, Chart.svg(results));
        }
        return 0;
    }
}
