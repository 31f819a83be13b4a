package vivarium.spec;

import java.nio.file.Path;

/** A table of runs is not what it should be; says in which file and line. */
public final class TableException extends Exception {
    private static final long serialVersionUID = 1;

    TableException(Path file, int line, String expected) {
        super(file + ":" + line + ": expected " + expected);
    }

    TableException(Path file, int line, String expected, Throwable cause) {
        super(file + ":" + line + ": expected " + expected, cause);
    }
}
