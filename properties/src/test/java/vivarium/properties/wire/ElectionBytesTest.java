package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.zookeeper.server.quorum.FastLeaderElection;
import org.apache.zookeeper.server.quorum.QuorumCnxManager;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;
import vivarium.wire.ElectionCodec;
import vivarium.wire.ElectionFrame;
import vivarium.wire.ElectionFrame.Address;
import vivarium.wire.ElectionReader;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;

/** What the election ports say is what Apache's say, byte for byte. */
class ElectionBytesTest {
    private static final Bytes CONFIG = Bytes.utf8("server.1=a:1:2\nversion=0");
    private static final List<Notification.State> STATES = List.of(Notification.State.values());

    @Provide
    Arbitrary<Dice> dice() {
        return Dice.all();
    }

    private static Notification draw(Dice dice) {
        Vote vote = new Vote(dice.int64(), dice.int64(), dice.int64());
        return new Notification(STATES.get(dice.below(4)), vote, dice.int64());
    }

    private static byte[] bytes(Notification notification) {
        JuteWriter out = new JuteWriter(64);
        ElectionCodec.notification(out, notification, CONFIG);
        return out.toArray();
    }

    private static byte[] greeting(long version, long sid, String addresses) {
        JuteWriter out = new JuteWriter(64);
        ElectionCodec.greeting(out, version, sid, addresses);
        return out.toArray();
    }

    private static List<ElectionFrame> heard(ElectionReader reader, byte[] bytes)
            throws MalformedException {
        List<ElectionFrame> heard = new ArrayList<>();
        reader.read(bytes, 0, bytes.length, heard::add);
        return heard;
    }

    private static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
    }

    @Test
    @Shows(Fact.BYTES_OF_AN_ELECTION_GREETING)
    void aGreetingThatIsKnownByHeart() {
        assertEquals(
                "ffffffffffff0000" + "0000000000000001" + "00000009" + "686f73743a33383838",
                HexFormat.of().formatHex(greeting(ElectionCodec.GREETING_V1, 1, "host:3888")));
    }

    @Property(tries = 200)
    void aNotificationIsTheSameBytesAsApaches(@ForAll("dice") Dice dice) throws Exception {
        Notification told = draw(dice);
        Method build =
                FastLeaderElection.class.getDeclaredMethod(
                        "buildMsg",
                        int.class,
                        long.class,
                        long.class,
                        long.class,
                        long.class,
                        byte[].class);
        build.setAccessible(true);
        ByteBuffer apache =
                (ByteBuffer)
                        build.invoke(
                                null,
                                STATES.indexOf(told.state()),
                                told.vote().leader(),
                                told.vote().zxid(),
                                told.round(),
                                told.vote().peerEpoch(),
                                CONFIG.toArray());
        byte[] body = new byte[apache.capacity()];
        apache.get(0, body);
        assertArrayEquals(framed(body), bytes(told));
        assertEquals(
                List.of(new ElectionFrame.Told(told, 2, CONFIG)),
                heard(ElectionReader.ofCalled(), framed(body)));
    }

    @Test
    void notificationsOfOlderServersAreUnderstood() throws MalformedException {
        Vote vote = new Vote(3, 0x5_0000_0007L, 6);
        Notification told = new Notification(Notification.State.LEADING, vote, 9);
        byte[] now = bytes(told);
        // Up to the version: 40 bytes long, of which the last four were not looked at.
        byte[] of40 = Arrays.copyOfRange(now, 4, 44);
        assertEquals(
                List.of(new ElectionFrame.Told(told, 0, null)),
                heard(ElectionReader.ofCalled(), framed(of40)));
        byte[] of28 = Arrays.copyOfRange(now, 4, 32);
        Notification old = new Notification(told.state(), new Vote(3, vote.zxid(), 5), 9);
        assertEquals(
                List.of(new ElectionFrame.Told(old, 0, null)),
                heard(ElectionReader.ofCalled(), framed(of28)));
        byte[] of44 = Arrays.copyOfRange(now, 4, 48);
        of44[39] = 1;
        assertEquals(
                List.of(new ElectionFrame.Told(told, 1, null)),
                heard(ElectionReader.ofCalled(), framed(of44)));
    }

    @Test
    void aNotificationThatIsNoneIsDroppedAndTheNextIsHeard() throws MalformedException {
        Notification told = new Notification(Notification.State.LOOKING, new Vote(1, 2, 3), 4);
        byte[] good = Arrays.copyOfRange(bytes(told), 4, bytes(told).length);
        byte[] stateless = good.clone();
        stateless[3] = 4;
        byte[] endlessConfig = good.clone();
        ByteBuffer.wrap(endlessConfig).putInt(40, Integer.MAX_VALUE);
        byte[] negativeConfig = good.clone();
        ByteBuffer.wrap(negativeConfig).putInt(40, -1);
        ElectionReader reader = ElectionReader.ofCalled();
        for (byte[] bad :
                List.of(
                        new byte[1],
                        new byte[27],
                        new byte[29],
                        new byte[36],
                        stateless,
                        endlessConfig,
                        negativeConfig)) {
            ElectionFrame dropped = heard(reader, framed(bad)).getFirst();
            assertInstanceOf(ElectionFrame.Ignored.class, dropped);
            assertEquals(
                    List.of(new ElectionFrame.Told(told, 2, CONFIG)), heard(reader, framed(good)));
        }
    }

    @Test
    void impossibleLengthsEndTheConnection() {
        for (int length : new int[] {0, -1, (512 << 10) + 1, Integer.MAX_VALUE}) {
            byte[] bytes = ByteBuffer.allocate(4).putInt(length).array();
            assertThrows(MalformedException.class, () -> heard(ElectionReader.ofCalled(), bytes));
        }
        for (int length : new int[] {0, -1, 2049}) {
            byte[] bytes =
                    ByteBuffer.allocate(20).putLong(-65536).putLong(1).putInt(length).array();
            assertThrows(MalformedException.class, () -> heard(ElectionReader.ofCaller(), bytes));
        }
        byte[] version = ByteBuffer.allocate(8).putLong(-65534).array();
        assertThrows(MalformedException.class, () -> heard(ElectionReader.ofCaller(), version));
    }

    @Test
    void greetingsAreReadAsApacheReadsThem() throws Exception {
        for (String text :
                List.of(
                        "host:3888",
                        "127.0.0.1:1",
                        "[::1]:3888",
                        "[2001:db8::2]:65535",
                        "0.0.0.0:3888",
                        "[::]:3888",
                        "a:1|b:2|10.0.0.1:3",
                        "a:1|0.0.0.0:2",
                        "host",
                        "host:",
                        "a:b:c",
                        "a:1||b:2",
                        "host:x",
                        "host:-1",
                        "host:65536",
                        "::1:3888")) {
            byte[] bytes = greeting(ElectionCodec.GREETING_V2, 5, text);
            assertEquals(apaches(bytes), ours(bytes), text);
        }
        assertEquals(
                List.of(new ElectionFrame.Greeting(5, List.of())),
                heard(ElectionReader.ofCaller(), ByteBuffer.allocate(8).putLong(5).array()));
    }

    private static String ours(byte[] bytes) {
        try {
            ElectionFrame.Greeting greeting =
                    (ElectionFrame.Greeting) heard(ElectionReader.ofCaller(), bytes).getFirst();
            StringBuilder text = new StringBuilder().append(greeting.sid());
            for (Address address : greeting.addresses()) {
                // So that a number has the same text here and there.
                var known = new InetSocketAddress(address.host(), address.port());
                text.append(' ').append(known.getHostString());
                text.append(' ').append(known.getPort());
            }
            return text.toString();
        } catch (MalformedException e) {
            return "refused";
        }
    }

    private static String apaches(byte[] bytes) throws Exception {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            var message = QuorumCnxManager.InitialMessage.parse(in.readLong(), in);
            StringBuilder text = new StringBuilder().append(message.sid);
            for (InetSocketAddress address : message.electionAddr) {
                text.append(' ').append(address.getHostString());
                text.append(' ').append(address.getPort());
            }
            return text.toString();
        } catch (QuorumCnxManager.InitialMessage.InitialMessageException
                | IllegalArgumentException e) {
            return "refused";
        }
    }

    @Property(tries = 200)
    void whatIsToldIsHeardHoweverItIsCut(@ForAll("dice") Dice dice) throws MalformedException {
        JuteWriter out = new JuteWriter(64);
        List<ElectionFrame> told = new ArrayList<>();
        ElectionCodec.greeting(out, ElectionCodec.GREETING_V1, 9, "h:1");
        told.add(new ElectionFrame.Greeting(9, List.of(new Address("h", 1))));
        for (int i = dice.below(5); i > 0; i--) {
            Notification notification = draw(dice);
            ElectionCodec.notification(out, notification, CONFIG);
            told.add(new ElectionFrame.Told(notification, 2, CONFIG));
        }
        ElectionReader reader = ElectionReader.ofCaller();
        List<ElectionFrame> heard = new ArrayList<>();
        int longest = 1 + dice.below(60);
        int at = 0;
        while (at < out.length()) {
            int length = Math.min(out.length() - at, 1 + dice.below(longest));
            byte[] lent = Arrays.copyOfRange(out.array(), at, at + length);
            reader.read(lent, 0, length, heard::add);
            Arrays.fill(lent, (byte) 0x55);
            at += length;
        }
        assertEquals(told, heard);
        assertEquals(0, reader.held());
    }

    @Property(tries = 3000)
    void rubbishIsReadOrRefused(@ForAll("dice") Dice dice) {
        JuteWriter out = new JuteWriter(64);
        ElectionCodec.greeting(out, ElectionCodec.GREETING_V2, 9, "h:1|[::1]:2");
        ElectionCodec.notification(out, draw(dice), CONFIG);
        ElectionCodec.notification(out, draw(dice), CONFIG);
        byte[] bytes = dice.below(4) == 0 ? dice.bytes() : out.toArray();
        for (int i = dice.below(4); i >= 0 && bytes.length >= 4; i--) {
            ByteBuffer.wrap(bytes).putInt(dice.below(bytes.length - 3), dice.int32());
        }
        ElectionReader reader = dice.flag() ? ElectionReader.ofCaller() : ElectionReader.ofCalled();
        try {
            reader.read(bytes, 0, bytes.length, _ -> {});
            assertTrue(reader.held() <= bytes.length);
        } catch (MalformedException e) {
            assertTrue(e.reason().length() > 0);
        }
    }

    @Test
    void textsAreUtf8() throws MalformedException {
        byte[] bytes = greeting(ElectionCodec.GREETING_V1, 1, "häuschen:3888");
        assertEquals(20 + "häuschen:3888".getBytes(StandardCharsets.UTF_8).length, bytes.length);
        assertEquals(
                List.of(new ElectionFrame.Greeting(1, List.of(new Address("häuschen", 3888)))),
                heard(ElectionReader.ofCaller(), bytes));
    }
}
