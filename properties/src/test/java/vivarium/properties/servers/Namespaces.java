package vivarium.properties.servers;

import java.util.ArrayList;
import java.util.List;

/**
 * A network for each server, joined by a bridge: a cable that is pulled is noticed by nobody, as
 * with real machines, while a proxy would close connections.
 */
public final class Namespaces implements AutoCloseable {
    /** An address that no card has. */
    private static final String NOBODY = "02:00:00:00:00:fe";

    private final int count;
    private final long unique = ProcessHandle.current().pid();
    private final long subnet = 1 + unique % 250;

    /** Networks 1 to {@code count}. */
    public Namespaces(int count) {
        this.count = count;
        SystemCommands.must("ip", "link", "add", bridge(), "type", "bridge");
        SystemCommands.must("ip", "addr", "add", address(254) + "/24", "dev", bridge());
        SystemCommands.must("ip", "link", "set", bridge(), "up");
        for (long sid = 1; sid <= count; sid++) {
            SystemCommands.must("ip", "netns", "add", name(sid));
            SystemCommands.must(
                    "ip",
                    "link",
                    "add",
                    cable(sid),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "eth0",
                    "netns",
                    name(sid));
            SystemCommands.must("ip", "link", "set", cable(sid), "master", bridge(), "up");
            SystemCommands.must(
                    "ip", "-n", name(sid), "addr", "add", address(sid) + "/24", "dev", "eth0");
            SystemCommands.must("ip", "-n", name(sid), "link", "set", "eth0", "up");
            SystemCommands.must("ip", "-n", name(sid), "link", "set", "lo", "up");
        }
    }

    /** Whether this machine lets this user have such networks. */
    public static boolean isPossible() {
        String name = "vv-try" + ProcessHandle.current().pid();
        return SystemCommands.succeeds("ip", "netns", "add", name)
                && SystemCommands.succeeds("ip", "netns", "del", name);
    }

    private String bridge() {
        return "vvb" + unique;
    }

    private String cable(long sid) {
        return "vv" + unique + "-" + sid;
    }

    private String name(long sid) {
        return "vv-" + unique + "-" + sid;
    }

    /** Where a server listens. */
    String address(long sid) {
        return "10.231." + subnet + "." + sid;
    }

    /** What stands before a command that is to run in a server's network. */
    List<String> prefix(long sid) {
        return List.of("ip", "netns", "exec", name(sid));
    }

    /** Pulls a server's cable, or puts it in again. */
    public void pull(long sid, boolean out) {
        SystemCommands.must("ip", "link", "set", cable(sid), out ? "down" : "up");
    }

    /**
     * What a server says to the others gets lost, or no more; it hears them, and clients hear it.
     * So one that led may take itself for the leader although the others have found another.
     */
    public void mute(long sid, boolean on) {
        for (long other = 1; other <= count; other++) {
            if (other == sid) {
                continue;
            }
            String verb = on ? "replace" : "del";
            List<String> command =
                    new ArrayList<>(List.of("ip", "-n", name(sid), "neigh", verb, address(other)));
            if (on) {
                command.addAll(List.of("lladdr", NOBODY, "nud", "permanent"));
            }
            command.addAll(List.of("dev", "eth0"));
            SystemCommands.must(command.toArray(new String[0]));
        }
    }

    /** Whether this kernel can delay and lose packets on purpose. */
    public boolean canDelay() {
        return SystemCommands.succeeds(netem("add", 1, "delay", "1ms"))
                && SystemCommands.succeeds(netem("del", 1));
    }

    /** Packets to a server come later, and some not at all; 0 for as ever. */
    public void delay(long sid, int millis) {
        SystemCommands.must(
                millis == 0
                        ? netem("del", sid)
                        : netem("replace", sid, "delay", millis + "ms", "10ms", "loss", "2%"));
    }

    private String[] netem(String verb, long sid, String... what) {
        String[] start = {"tc", "qdisc", verb, "dev", cable(sid), "root", "netem"};
        String[] all = java.util.Arrays.copyOf(start, start.length + what.length);
        System.arraycopy(what, 0, all, start.length, what.length);
        return all;
    }

    @Override
    public void close() {
        for (long sid = 1; sid <= count; sid++) {
            SystemCommands.must("ip", "link", "del", cable(sid));
            SystemCommands.must("ip", "netns", "del", name(sid));
        }
        SystemCommands.must("ip", "link", "del", bridge());
    }
}
