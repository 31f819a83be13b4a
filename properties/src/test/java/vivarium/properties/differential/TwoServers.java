package vivarium.properties.differential;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
final class TwoServers implements Pair {

    /**
     * Sessions that are to end do so soon; the others have asked for more than half a minute. No
     * container is removed while somebody looks.
     */
    private static final Settings SETTINGS =
            Settings.standard()
                    .with("minSessionTimeout", "2000")
                    .with("tickTime", "1000")
                    .with("extendedTypesEnabled", "true")
                    .with("znode.container.checkIntervalMs", "100000000");

    /** Read by Apache's server whenever it matters. */
    private static final String EXTENDED_TYPES = "zookeeper.extendedTypesEnabled";

    private final Brand otherBrand;
    private @Nullable ServerUnderTest yardstick;
    private @Nullable ServerUnderTest other;
    private @Nullable Path directory;
    private int tries;

    TwoServers(Brand otherBrand) {
        this.otherBrand = otherBrand;
    }

    @Override
    public String firstDifference(List<Step> steps) throws IOException {
        return firstDifference(steps, Ear.faithful());
    }

    /** The first difference, where the second server's answers are heard by {@code ear}. */
    String firstDifference(List<Step> steps, Ear ear) throws IOException {
        ServerUnderTest left = yardstick == null ? startBoth() : yardstick;
        ServerUnderTest right = other();
        return SideBySide.firstDifference(
                "apache",
                new Conversation(side(left), steps, Ear.faithful()),
                name(otherBrand),
                new Conversation(side(right), steps, ear),
                "/try" + tries++);
    }

    private static Side side(ServerUnderTest server) {
        return new Side(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())),
                Settings.SUPER_CREDENTIALS,
                true);
    }

    @Override
    public void renew() throws IOException {
        close();
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
        System.setProperty(EXTENDED_TYPES, "true");
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
        System.clearProperty(EXTENDED_TYPES);
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
