package vivarium.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.wire.ElectionFrame.Address;

/**
 * What the election ports of two servers say to each other: whoever calls greets, then both tell
 * their votes. {@link ElectionReader} reads it as it comes.
 */
public final class ElectionCodec {
    /** A greeting with one address. */
    public static final long GREETING_V1 = -65536;

    /** A greeting with several addresses, joined by {@code |}. */
    public static final long GREETING_V2 = -65535;

    /** The longest text of addresses. */
    static final int MOST_ADDRESS_BYTES = 2048;

    /** The longest notification. */
    public static final int MOST_NOTIFICATION_BYTES = 512 << 10;

    private static final int VERSION = 2;
    private static final int CONFIG_SINCE_VERSION = 2;

    /** The length before the epoch of the vote was told, and before the version was. */
    private static final int LENGTH_WITHOUT_EPOCH = 28;

    private static final int LENGTH_WITHOUT_VERSION = 40;

    private static final List<Notification.State> STATES = List.of(Notification.State.values());

    private ElectionCodec() {}

    /**
     * Writes who calls.
     *
     * @param version {@link #GREETING_V1} or {@link #GREETING_V2}
     * @param addresses {@code host:port}, joined by {@code |} in version 2; 1 to 2048 bytes
     */
    public static void greeting(JuteWriter out, long version, long sid, String addresses) {
        byte[] text = addresses.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > MOST_ADDRESS_BYTES) {
            throw new IllegalArgumentException(text.length + " bytes of addresses");
        }
        out.int64(version);
        out.int64(sid);
        out.int32(text.length);
        out.write(text, 0, text.length);
    }

    /**
     * Writes a vote, with its length in front.
     *
     * @param config the text of this server's configuration
     */
    public static void notification(JuteWriter out, Notification notification, Bytes config) {
        int start = out.length();
        out.int32(0);
        out.int32(STATES.indexOf(notification.state()));
        out.int64(notification.vote().leader());
        out.int64(notification.vote().zxid());
        out.int64(notification.round());
        out.int64(notification.vote().peerEpoch());
        out.int32(VERSION);
        out.buffer(config);
        out.patchInt32(start, out.length() - start - Integer.BYTES);
    }

    /**
     * Reads a vote, without its length. One that can't be read is dropped and the connection lives,
     * as with ZooKeeper: a newer one will come.
     */
    static ElectionFrame notification(JuteReader in, byte[] array, int offset, int length) {
        try {
            in.over(array, offset, length);
            int state = in.int32();
            long leader = in.int64();
            long zxid = in.int64();
            long round = in.int64();
            long peerEpoch = length == LENGTH_WITHOUT_EPOCH ? Zxid.epoch(zxid) : in.int64();
            boolean tellsVersion =
                    length != LENGTH_WITHOUT_EPOCH && length != LENGTH_WITHOUT_VERSION;
            int version = tellsVersion ? in.int32() : 0;
            if (state < 0 || state >= STATES.size()) {
                return new ElectionFrame.Ignored("a notification of state " + state);
            }
            Bytes config = null;
            if (version >= CONFIG_SINCE_VERSION) {
                config = in.buffer();
                if (config == null) {
                    return new ElectionFrame.Ignored("a notification with no configuration");
                }
            }
            Vote vote = new Vote(leader, zxid, peerEpoch);
            Notification told = new Notification(STATES.get(state), vote, round);
            return new ElectionFrame.Told(told, version, config);
        } catch (MalformedException e) {
            return new ElectionFrame.Ignored(
                    "a notification of " + length + " bytes: " + e.reason());
        }
    }

    /** Reads the addresses of a greeting; those that stand for any address are left out. */
    static List<Address> addresses(String text) throws MalformedException {
        List<Address> addresses = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int bar = text.indexOf('|', start);
            int end = bar < 0 ? text.length() : bar;
            Address address = address(text.substring(start, end));
            if (address != null) {
                addresses.add(address);
            }
            start = end + 1;
        }
        return addresses;
    }

    /** {@code host:port}, where the host may stand in brackets and then have colons of its own. */
    private static @Nullable Address address(String text) throws MalformedException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || (!bracketed && host.indexOf(':') >= 0)) {
            throw new MalformedException("no address of host and port");
        }
        int port = port(text.substring(colon + 1));
        return isAnyAddress(host) ? null : new Address(host, port);
    }

    private static int port(String digits) throws MalformedException {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            port = digit < 0 || digit > 9 ? Integer.MAX_VALUE : 10 * port + digit;
            if (port > 0xffff) {
                throw new MalformedException("no port in an address");
            }
        }
        if (digits.isEmpty()) {
            throw new MalformedException("no port in an address");
        }
        return port;
    }

    /** Every part of the host is zero: 0.0.0.0, ::, 0:0:0:0:0:0:0:0. */
    private static boolean isAnyAddress(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '0' && c != '.' && c != ':') {
                return false;
            }
        }
        return host.indexOf('.') >= 0 || host.indexOf(':') >= 0;
    }
}
