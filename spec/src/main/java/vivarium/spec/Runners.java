package vivarium.spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;

/** Processes that wait for something to do; each thread takes one, and gives it back. */
final class Runners implements AutoCloseable {
    private final Path folder;
    private final Path work;
    private final ArrayDeque<Runner> idle = new ArrayDeque<>();

    Runners(Path folder, Path work) {
        this.folder = folder;
        this.work = work;
    }

    /** One that waits, or a new one in the place of one that waits for what may not come again. */
    synchronized Runner take(Runner.Kind kind) throws IOException {
        for (Iterator<Runner> all = idle.iterator(); all.hasNext(); ) {
            Runner runner = all.next();
            if (runner.kind().equals(kind)) {
                all.remove();
                return runner;
            }
        }
        Runner other = idle.poll();
        if (other != null) {
            other.close();
        }
        return new Runner(kind, folder, work);
    }

    /** Its last errand has come to an end. */
    synchronized void giveBack(Runner runner) throws IOException {
        if (runner.isAlive()) {
            idle.add(runner);
        } else {
            runner.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        while (!idle.isEmpty()) {
            idle.remove().close();
        }
    }
}
