package vivarium.properties.differential;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Two conversations held at once, since each waits for its server most of the time. */
final class SideBySide {

    private SideBySide() {}

    static String firstDifference(
            String leftName, Conversation left, String rightName, Conversation right, String parent)
            throws IOException {
        FutureTask<Transcript> aside = new FutureTask<>(() -> left.hold(parent));
        Thread.ofVirtual().start(aside);
        Transcript alsoSaid = right.hold(parent);
        return Transcript.firstDifference(leftName, result(aside), rightName, alsoSaid);
    }

    private static Transcript result(FutureTask<Transcript> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a conversation", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new IOException(cause.getMessage(), cause);
            }
            throw new IllegalStateException("the conversation with the first server broke off", e);
        }
    }
}
