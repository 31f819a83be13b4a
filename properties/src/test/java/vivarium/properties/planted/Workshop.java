package vivarium.properties.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles one source with a mistake in it against the classes without. */
final class Workshop implements AutoCloseable {
    private static final Path SOURCES =
            Path.of("../impl/src/main/java/vivarium").toAbsolutePath().normalize();

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files =
            compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);

    /** A source that is in memory only. */
    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String file, String text) {
            super(URI.create("string:///vivarium/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /**
     * Puts the classes of the source with this mistake below {@code folder}.
     *
     * @throws IllegalStateException with the mistake's name, where that can't be done
     */
    void make(Mistake mistake, Path folder) {
        List<String> complaints = make(List.of(mistake), folder);
        if (!complaints.isEmpty()) {
            throw new IllegalStateException(complaints.toString());
        }
    }

    /** The same of several sources at once, one mistake in each; what does not compile. */
    List<String> make(List<Mistake> mistakes, Path folder) {
        List<JavaFileObject> texts = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
            for (Mistake mistake : mistakes) {
                String source = Files.readString(SOURCES.resolve(mistake.file()));
                texts.add(new Text(mistake.file(), mistake.plantedIn(source)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> options = List.of("-proc:none", "-nowarn", "-implicit:none", "-g");
        boolean made = compiler.getTask(null, files, said, options, null, texts).call();
        for (Diagnostic<? extends JavaFileObject> complaint : said.getDiagnostics()) {
            if (!made && complaint.getKind() == Diagnostic.Kind.ERROR) {
                int at = texts.indexOf(complaint.getSource());
                String name = at < 0 ? mistakes.toString() : mistakes.get(at).name();
                complaints.add(name + ": " + complaint);
            }
        }
        return complaints;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
