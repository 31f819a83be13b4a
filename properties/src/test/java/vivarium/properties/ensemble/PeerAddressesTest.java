package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ChildServer;
import vivarium.properties.servers.EnsembleInProcess;
import vivarium.properties.servers.Settings;

/** Names that mean another address by and by, and ports that are taken for a while. */
class PeerAddressesTest {
    /** Where the names lead at first. */
    private static final String ELSEWHERE = "127.0.0.77";

    private static final String TAKEN = "electionPortBindRetry";

    @TempDir Path directory = Path.of("");

    private static ServerSocket take(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void aPortThatIsTakenIsTriedAgainUntilItIsFree() throws Exception {
        try (var ensemble = new EnsembleInProcess(directory, 3).with(TAKEN, "0")) {
            ensemble.start(1);
            ensemble.start(2);
            CompletableFuture<Void> third;
            Logger log = (Logger) LoggerFactory.getLogger("vivarium.net.PeerPort");
            var lines = new ListAppender<ILoggingEvent>();
            lines.start();
            log.addAppender(lines);
            try (ServerSocket _ = take(ensemble.electionPort(3))) {
                third = started(() -> ensemble.start(3));
                Await.until("the third has tried", () -> !lines.list.isEmpty());
                assertFalse(third.isDone());
            } finally {
                log.detachAppender(lines);
            }
            third.join();
            ensemble.awaitSettled();
        }
    }

    @Test
    void notMoreOftenThanItIsToldTo() throws Exception {
        try (var ensemble = new EnsembleInProcess(directory, 3).with(TAKEN, "1");
                ServerSocket taken = take(ensemble.electionPort(3))) {
            var failure = assertThrows(IOException.class, () -> ensemble.start(3));
            String text = String.valueOf(failure.getMessage());
            assertTrue(text.contains("" + taken.getLocalPort()), text);
        }
    }

    /** Something that takes its time. */
    private interface Starting {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> started(Starting starting) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        var _ =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                starting.run();
                                done.complete(null);
                            } catch (Exception | AssertionError e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }

    @Test
    void aNameIsLookedUpAgainForEachConnection() throws Exception {
        Path hosts = directory.resolve("hosts");
        Files.writeString(hosts, ELSEWHERE + " one.test two.test\n");
        try (var ensemble = new EnsembleInProcess(directory, 3).with("db.autocreate", "true")) {
            ensemble.start(1);
            ensemble.start(2);
            ensemble.awaitSettled();
            Path data = directory.resolve("data3");
            Files.createDirectories(data);
            Files.writeString(data.resolve("myid"), "3");
            Settings settings = Settings.standard().with("initLimit", "50").with("syncLimit", "20");
            String[] names = {"one.test", "two.test", "127.0.0.1"};
            for (int sid = 1; sid <= names.length; sid++) {
                String ports = ":" + ensemble.quorumPort(sid) + ":" + ensemble.electionPort(sid);
                settings = settings.with("server." + sid, names[sid - 1] + ports);
            }
            try (ChildServer third =
                    Brand.VIVARIUM.child(
                            data,
                            settings,
                            "-Djdk.net.hosts.file=" + hosts,
                            "-Dsun.net.inetaddr.ttl=0")) {
                CompletableFuture<Void> serves;
                InetAddress elsewhere = InetAddress.getByName(ELSEWHERE);
                try (var former = new ServerSocket(ensemble.electionPort(1), 5, elsewhere)) {
                    serves = started(third::start);
                    former.setSoTimeout(20_000);
                    former.accept().close(); // it has looked the name up
                    assertFalse(serves.isDone());
                }
                Files.writeString(hosts, "127.0.0.1 one.test two.test\n");
                serves.join();
            }
        }
    }
}
