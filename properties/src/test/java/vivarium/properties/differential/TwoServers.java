package vivarium.properties.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.RunningServer;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/**
 * The yardstick and the server under test, both with the same past: what is compared includes
 * counters that only grow. After a true difference both have to start afresh: {@link #close}, which
 * the next conversation makes good.
 */
final class TwoServers implements AutoCloseable {

    /** So long a minimum that no session of a try expires in it. */
    private static final Settings SETTINGS =
            Settings.standard().with("minSessionTimeout", "30000").with("tickTime", "1000");

    private final Brand otherBrand;
    private @Nullable ServerUnderTest yardstick;
    private @Nullable ServerUnderTest other;
    private @Nullable Path directory;
    private int tries;

    TwoServers(Brand otherBrand) {
        this.otherBrand = otherBrand;
    }

    /** The first difference between the two conversations, or an empty text. */
    String firstDifference(List<Step> steps, Ear earAtTheOther) throws IOException {
        ServerUnderTest left = yardstick == null ? startBoth() : yardstick;
        ServerUnderTest right = other();
        String parent = "/try" + tries++;
        FutureTask<Transcript> aside =
                new FutureTask<>(() -> new Conversation(left, steps, Ear.faithful()).hold(parent));
        Thread.ofVirtual().start(aside);
        Transcript alsoSaid = new Conversation(right, steps, earAtTheOther).hold(parent);
        Transcript said = result(aside);
        return Transcript.firstDifference("apache", said, name(otherBrand), alsoSaid);
    }

    private static Transcript result(FutureTask<Transcript> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a conversation", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the conversation with the yardstick broke off", e);
        }
    }

    private static String name(Brand brand) {
        return switch (brand) {
            case VIVARIUM -> "vivarium";
            case APACHE -> "apache'";
        };
    }

    private ServerUnderTest other() {
        if (other == null) {
            throw new IllegalStateException("both run or none");
        }
        return other;
    }

    private ServerUnderTest startBoth() throws IOException {
        Path fresh = Files.createTempDirectory("differential");
        directory = fresh;
        ServerUnderTest left = Brand.APACHE.embedded(fresh.resolve("left"), SETTINGS);
        left.start();
        yardstick = left;
        ServerUnderTest right = otherBrand.embedded(fresh.resolve("right"), SETTINGS);
        right.start();
        other = right;
        return left;
    }

    @Override
    public void close() throws IOException {
        if (yardstick != null) {
            yardstick.close();
            yardstick = null;
        }
        if (other != null) {
            other.close();
            other = null;
        }
        if (directory != null) {
            RunningServer.deleteRecursively(directory);
            directory = null;
        }
    }
}
