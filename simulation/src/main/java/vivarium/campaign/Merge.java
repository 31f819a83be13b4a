package vivarium.campaign;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Joins what several campaigns have done, each with seeds of its own, on whatever machines. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "Joins the reports of campaigns that had each a part of the seeds.",
        footerHeading = "%n",
        footer =
                "Exit codes: 0 everything held and every seed was run, 1 something did not hold or"
                        + " seeds are missing, 2 bad invocation or folder.")
final class Merge implements Callable<Integer> {
    private static final int NOT_WHOLE = 1;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "the reports to be joined, or folders that hold nothing but reports")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--report",
            required = true,
            paramLabel = "DIR",
            description = "where to put the report of all of them")
    private Path report = Path.of("");

    /** A report, and where it lies. */
    private record Part(Path folder, Ledger ledger) {}

    @Override
    public Integer call() throws IOException {
        List<Part> parts = parts();
        Ledger first = parts.getFirst().ledger();
        Seeds whole = first.task().whole();
        Task task = new Task(first.task().options(), first.task().twice(), whole, whole);
        Ledger joined = new Ledger(task, codeOf(parts));
        for (Part part : parts) {
            joined.join(part.ledger());
        }
        List<String> notes = notes(parts);
        try (ReportFolder out = ReportFolder.open(report)) {
            copyFailures(parts);
            out.save(joined);
            out.write(ReportPage.FILE, ReportPage.html(joined, out, notes));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(parts.size() + " reports: " + task.description());
        notes.forEach(out::println);
        ManyRuns.tell(out, joined);
        out.println("report in " + report);
        out.flush();
        return joined.failed() == 0 && joined.missing().isEmpty() ? 0 : NOT_WHOLE;
    }

    private List<Part> parts() throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Path folder : folders) {
            demand(Files.isDirectory(folder), folder + ": there is no such folder");
            demand(!isSame(folder, report), "--report: another folder than " + folder);
            int before = parts.size();
            add(parts, folder);
            if (parts.size() == before) {
                for (Path inside : inside(folder)) {
                    if (Files.isDirectory(inside) && !isSame(inside, report)) {
                        add(parts, inside);
                    }
                }
            }
            demand(parts.size() > before, folder + ": holds no report of a campaign");
        }
        Part first = parts.getFirst();
        for (Part part : parts) {
            Task task = part.ledger().task();
            Task expected = first.ledger().task();
            demand(
                    task.options().equals(expected.options()) && task.twice() == expected.twice(),
                    part.folder()
                            + ": "
                            + task.description()
                            + ", but "
                            + first.folder()
                            + ": "
                            + expected.description());
            demand(
                    task.whole().equals(expected.whole()),
                    part.folder()
                            + ": a part of the seeds "
                            + task.whole()
                            + ", but "
                            + first.folder()
                            + " of "
                            + expected.whole());
        }
        demand(
                ReportFolder.read(report) == null,
                "--report: " + report + " holds a report already");
        return parts;
    }

    private static void add(List<Part> parts, Path folder) throws IOException {
        Ledger ledger = ReportFolder.read(folder);
        if (ledger != null) {
            parts.add(new Part(folder, ledger));
        }
    }

    private static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        return Files.exists(other) && Files.isSameFile(one, other);
    }

    private void demand(boolean holds, String complaint) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), complaint);
        }
    }

    /** The name of the code, or of all of them. */
    private static String codeOf(List<Part> parts) {
        List<String> codes = parts.stream().map(part -> part.ledger().code()).distinct().toList();
        return String.join("+", codes);
    }

    private static List<String> notes(List<Part> parts) {
        List<String> notes = new ArrayList<>();
        for (Part part : parts) {
            SeedSet missing = part.ledger().missing();
            if (!missing.isEmpty()) {
                notes.add(part.folder() + " was stopped: seeds not run: " + missing);
            }
            if (!part.ledger().code().equals(parts.getFirst().ledger().code())) {
                notes.add(part.folder() + " ran other code than " + parts.getFirst().folder());
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            for (int j = i + 1; j < parts.size(); j++) {
                SeedSet common = parts.get(i).ledger().ran().common(parts.get(j).ledger().ran());
                if (!common.isEmpty()) {
                    notes.add(
                            "seeds "
                                    + common
                                    + " were run in "
                                    + parts.get(i).folder()
                                    + " and in "
                                    + parts.get(j).folder()
                                    + ", and are counted twice");
                }
            }
        }
        return notes;
    }

    private void copyFailures(List<Part> parts) throws IOException {
        for (Part part : parts) {
            for (Path file : inside(part.folder())) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(OneRun.PREFIX)) {
                    Files.copy(file, report.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
