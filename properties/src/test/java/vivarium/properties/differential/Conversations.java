package vivarium.properties.differential;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.jspecify.annotations.Nullable;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.Op;
import vivarium.properties.servers.DigestScheme;
import vivarium.properties.servers.Settings;

/**
 * Drawn conversations. Names, versions and credentials come from small sets, so that requests meet
 * each other; every argument is wrong now and then.
 */
final class Conversations {

    private static final String ALICE = "alice:a";
    private static final String BOB = "bob:b";
    private static final String LIMITS = "/zookeeper_limits";
    private static final String STATS = "/zookeeper_stats";
    private static final int LONGEST = 25;
    private static final int LARGEST_BURST = 10;

    /** Each takes seconds. */
    private static final int EXPIRIES_OF_1000 = 1;

    private Conversations() {}

    /** Each client starts with a session, some znodes are there already; then anything. */
    static Arbitrary<List<Step>> conversation() {
        Arbitrary<List<Step>> drawn = steps().list().ofMinSize(1).ofMaxSize(LONGEST);
        return Combinators.combine(quota(), furniture(), drawn).as(Conversations::opened);
    }

    private static List<Step> opened(List<Step> quota, List<Request> furniture, List<Step> drawn) {
        var steps = new ArrayList<Step>();
        for (int client = 0; client < Conversation.CLIENTS; client++) {
            steps.add(new Step.NewSession(client, 40_000, true));
        }
        steps.addAll(quota);
        if (!furniture.isEmpty()) {
            steps.add(new Step.Send(0, furniture));
        }
        steps.addAll(drawn);
        return steps;
    }

    /** Sometimes the try's own subtree has a quota, sometimes a subtree of it as well. */
    private static Arbitrary<List<Step>> quota() {
        List<Step> none = List.of();
        return Arbitraries.frequency(
                Tuple.of(7, none),
                Tuple.of(1, List.of(quota("~", "count=3,bytes=2"))),
                Tuple.of(
                        1,
                        List.of(
                                quota("~", "count=-1,bytes=100=;countHardLimit=1000"),
                                quota("~/a", "count=1,bytes=-1"))));
    }

    private static Step quota(String top, String limits) {
        String home = "/zookeeper/quota" + top;
        List<AclEntry> open = AclEntry.OPEN;
        return new Step.Send(
                0,
                List.of(
                        new Request.Create(Op.CREATE, home, "", open, 0),
                        new Request.Create(Op.CREATE, home + LIMITS, limits, open, 0),
                        new Request.Create(Op.CREATE, home + STATS, "", open, 0)));
    }

    private static Arbitrary<List<Request>> furniture() {
        Arbitrary<@Nullable String> data = Arbitraries.of("", "x").injectNull(0.3);
        return Combinators.combine(goodPath(), data)
                .as((path, bytes) ->
                        (Request) new Request.Create(Op.CREATE, path, bytes, AclEntry.OPEN, 0))
                .list()
                .ofMaxSize(LARGEST_BURST);
    }

    private static Arbitrary<Step> steps() {
        Arbitrary<Integer> client = Arbitraries.integers().between(0, Conversation.CLIENTS - 1);
        Arbitrary<Step> one =
                Combinators.combine(client, singleRequest())
                        .as((who, request) -> new Step.Send(who, List.of(request)));
        Arbitrary<Step> burst =
                Combinators.combine(client, request().list().ofMinSize(2).ofMaxSize(LARGEST_BURST))
                        .as(Step.Send::new);
        Arbitrary<Step> odd =
                Combinators.combine(client, oddRequest())
                        .as((who, request) -> new Step.Send(who, List.of(request)));
        Arbitrary<Step> newSession =
                Combinators.combine(
                                client,
                                Arbitraries.of(30_000, 45_000, 70_000, Integer.MAX_VALUE),
                                Arbitraries.of(true, false))
                        .as(Step.NewSession::new);
        Arbitrary<Step> comeBack =
                Combinators.combine(
                                client,
                                Arbitraries.frequency(
                                        Tuple.of(6, Step.Claim.RIGHT_PASSWORD),
                                        Tuple.of(1, Step.Claim.WRONG_PASSWORD),
                                        Tuple.of(1, Step.Claim.ZXID_FROM_THE_FUTURE)))
                        .as(Step.Return::new);
        Arbitrary<Step> drop = client.map(Step.Drop::new);
        Arbitrary<Step> expire = client.map(Step.Expire::new);
        return Arbitraries.frequencyOf(
                Tuple.of(400, one),
                Tuple.of(350, burst),
                Tuple.of(100, odd),
                Tuple.of(40, newSession),
                Tuple.of(80, comeBack),
                Tuple.of(30, drop),
                Tuple.of(EXPIRIES_OF_1000, expire));
    }

    /**
     * Apache's server checks a request that follows a setACL in flight against the old ACL or the
     * new one, as it happens: no yardstick, so setACL stands in no burst.
     */
    private static Arbitrary<Request> singleRequest() {
        return Arbitraries.frequencyOf(Tuple.of(12, request()), Tuple.of(1, setAcl()));
    }

    /** What may stand in a burst: the answers come in the order of the requests. */
    private static Arbitrary<Request> request() {
        return Arbitraries.frequencyOf(
                Tuple.of(24, create()),
                Tuple.of(3, createTtl()),
                Tuple.of(10, delete()),
                Tuple.of(24, read()),
                Tuple.of(2, readOfAQuota()),
                Tuple.of(12, setData()),
                Tuple.of(6, pathOnly()),
                Tuple.of(12, multi()),
                Tuple.of(2, Arbitraries.just(new Request.Ping())),
                Tuple.of(5, setWatches()),
                Tuple.of(2, setAllWatches()),
                Tuple.of(6, addWatch()),
                Tuple.of(6, watches()),
                Tuple.of(5, multiRead()),
                Tuple.of(2, Arbitraries.just(new Request.WhoAmI())),
                Tuple.of(1, reconfig()),
                Tuple.of(3, truncated()));
    }

    private static Arbitrary<Request> addWatch() {
        return Combinators.combine(path(), Arbitraries.of(0, 1, 0, 1, 0, 1, 2, -1))
                .as(Request.AddWatch::new);
    }

    private static Arbitrary<Request> watches() {
        return Combinators.combine(
                        Arbitraries.of(Op.CHECK_WATCHES, Op.REMOVE_WATCHES),
                        path(),
                        Arbitraries.of(1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 0, 6, -1))
                .as(Request.Watches::new);
    }

    private static Arbitrary<Request> multiRead() {
        Arbitrary<Request> part =
                Combinators.combine(
                                Arbitraries.of(Op.GET_DATA, Op.GET_CHILDREN),
                                anyPath(),
                                Arbitraries.of(true, false))
                        .as(Request.Read::new);
        Arbitrary<Request> odd = Arbitraries.just(new Request.Read(Op.EXISTS, "~", false));
        Arbitrary<Request> any = Arbitraries.frequencyOf(Tuple.of(30, part), Tuple.of(1, odd));
        return any.list().ofMaxSize(4).map(Request.MultiRead::new);
    }

    private static Arbitrary<Request> reconfig() {
        Arbitrary<@Nullable String> text =
                Arbitraries.of("", "server.5=127.0.0.1:1:2;3", "5", "nonsense").injectNull(0.3);
        return Combinators.combine(text, text, text).as(Request.Reconfig::new);
    }

    private static Arbitrary<Request> createTtl() {
        // With another mode Apache's server may log what it can't apply, and never starts again.
        Arbitrary<Integer> flags = Arbitraries.of(5, 5, 6);
        Arbitrary<Long> ttl =
                Arbitraries.frequency(
                        Tuple.of(8, 3_600_000L),
                        Tuple.of(2, (1L << 40) - 1),
                        Tuple.of(1, 1L << 40),
                        Tuple.of(1, 0L),
                        Tuple.of(1, -1L),
                        Tuple.of(1, Long.MIN_VALUE));
        return Combinators.combine(anyPath(), data(), acl(), flags, ttl).as(Request.CreateTtl::new);
    }

    /** What an answer out of order, or the end of the connection, is the proper reply to. */
    private static Arbitrary<Request> oddRequest() {
        Arbitrary<@Nullable String> scheme =
                Arbitraries.of("digest", "digest", "digest", "world", "ip", "nonsense", "")
                        .injectNull(0.03);
        Arbitrary<@Nullable String> credentials =
                Arbitraries.of(
                                ALICE,
                                ALICE,
                                BOB,
                                Settings.SUPER_CREDENTIALS,
                                "",
                                "no-colon",
                                "a:b:c")
                        .injectNull(0.03);
        Arbitrary<Request> auth = Combinators.combine(scheme, credentials).as(Request.Auth::new);
        Arbitrary<Request> authOfAlice = Arbitraries.just(new Request.Auth("digest", ALICE));
        Arbitrary<Request> unknown =
                Arbitraries.of(0, 10, 23, 77, 99, 108, 1000, -1, -12, Integer.MIN_VALUE)
                        .map(Request.Unknown::new);
        Arbitrary<Request> check = Combinators.combine(path(), version()).as(Request.Check::new);
        return Arbitraries.frequencyOf(
                Tuple.of(5, authOfAlice),
                Tuple.of(5, auth),
                Tuple.of(3, Arbitraries.just(new Request.CloseSession())),
                Tuple.of(1, unknown),
                Tuple.of(1, check));
    }

    private static Arbitrary<Request> create() {
        Arbitrary<Integer> flags =
                Arbitraries.frequency(
                        Tuple.of(20, Op.PERSISTENT),
                        Tuple.of(10, Op.EPHEMERAL),
                        Tuple.of(6, Op.PERSISTENT_SEQUENTIAL),
                        Tuple.of(6, Op.EPHEMERAL_SEQUENTIAL),
                        Tuple.of(2, 4),
                        Tuple.of(1, 5),
                        Tuple.of(1, 6),
                        Tuple.of(1, 9),
                        Tuple.of(1, -1));
        return Combinators.combine(
                        Arbitraries.of(Op.CREATE, Op.CREATE, Op.CREATE2, Op.CREATE_CONTAINER),
                        path(),
                        data(),
                        acl(),
                        flags)
                .as(Conversations::create);
    }

    /**
     * A container that is asked for as an ephemeral becomes a plain container. Until it is applied
     * Apache's server refuses it children as it would an ephemeral: no yardstick in a burst.
     */
    private static Request create(
            int opcode,
            @Nullable String path,
            @Nullable String data,
            @Nullable List<AclEntry> acl,
            int flags) {
        boolean ephemeral = flags == Op.EPHEMERAL || flags == Op.EPHEMERAL_SEQUENTIAL;
        int plain = opcode == Op.CREATE_CONTAINER && ephemeral ? flags & ~Op.EPHEMERAL : flags;
        return new Request.Create(opcode, path, data, acl, plain);
    }

    private static Arbitrary<Request> delete() {
        return Combinators.combine(path(), version()).as(Request.Delete::new);
    }

    private static Arbitrary<Request> read() {
        return Combinators.combine(
                        Arbitraries.of(
                                Op.EXISTS,
                                Op.GET_DATA,
                                Op.GET_DATA,
                                Op.GET_CHILDREN,
                                Op.GET_CHILDREN2),
                        path(),
                        Arbitraries.of(true, true, false))
                .as(Request.Read::new);
    }

    private static Arbitrary<Request> readOfAQuota() {
        Arbitrary<String> place =
                Arbitraries.of("~" + STATS, "~" + STATS, "~/a" + STATS, "~" + LIMITS, "~");
        return Combinators.combine(
                        Arbitraries.of(Op.GET_DATA, Op.GET_DATA, Op.GET_CHILDREN2),
                        place.map(at -> "/zookeeper/quota" + at),
                        Arbitraries.of(true, false))
                .as(Request.Read::new);
    }

    private static Arbitrary<Request> setData() {
        return Combinators.combine(path(), data(), version()).as(Request.SetData::new);
    }

    private static Arbitrary<Request> pathOnly() {
        return Combinators.combine(
                        Arbitraries.of(
                                Op.GET_ACL,
                                Op.GET_ACL,
                                Op.SYNC,
                                Op.SYNC,
                                Op.GET_EPHEMERALS,
                                Op.GET_ALL_CHILDREN_NUMBER),
                        path())
                .as(Request.PathOnly::new);
    }

    private static Arbitrary<Request> setAcl() {
        return Combinators.combine(path(), acl(), version()).as(Request.SetAcl::new);
    }

    private static Arbitrary<Request> multi() {
        Arbitrary<Request> check = Combinators.combine(path(), version()).as(Request.Check::new);
        Arbitrary<Request> createSequential =
                Combinators.combine(Arbitraries.of(Op.CREATE, Op.CREATE2), Arbitraries.of(2, 3))
                        .as((opcode, flags) ->
                                new Request.Create(opcode, "~/s", "x", AclEntry.OPEN, flags));
        Arbitrary<Request> unconditional =
                Combinators.combine(goodPath(), Arbitraries.of(true, false))
                        .as((path, set) ->
                                set
                                        ? new Request.SetData(path, "y", -1)
                                        : new Request.Check(path, -1));
        Arbitrary<Request> part =
                Arbitraries.frequencyOf(
                        Tuple.of(6, createSequential),
                        Tuple.of(6, unconditional),
                        Tuple.of(3, create()),
                        Tuple.of(3, delete()),
                        Tuple.of(2, setData()),
                        Tuple.of(1, check));
        Arbitrary<Request> whole = part.list().ofMaxSize(5).map(Request.Multi::new);
        Arbitrary<Request> mixedWithARead =
                Combinators.combine(part.list().ofMinSize(1).ofMaxSize(3), read(), setAcl())
                        .as((parts, read, setAcl) -> {
                            var all = new ArrayList<>(parts);
                            all.add(parts.size() == 1 ? setAcl : read);
                            return new Request.Multi(all);
                        });
        return Arbitraries.frequencyOf(Tuple.of(14, whole), Tuple.of(1, mixedWithARead));
    }

    private static Arbitrary<Request> setAllWatches() {
        Arbitrary<List<String>> paths = anyPath().list().ofMaxSize(2);
        return Combinators.combine(setWatchesOnly(), paths, paths).as(Request.SetAllWatches::new);
    }

    private static Arbitrary<Request> setWatches() {
        return setWatchesOnly().map(set -> set);
    }

    private static Arbitrary<Request.SetWatches> setWatchesOnly() {
        Arbitrary<List<String>> paths = anyPath().list().ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.of(Op.SET_WATCHES_XID, 1),
                        Arbitraries.longs().between(0, 30),
                        paths,
                        paths,
                        paths)
                .as(Request.SetWatches::new);
    }

    private static Arbitrary<Request> truncated() {
        Arbitrary<Request> whole =
                Arbitraries.frequencyOf(
                        Tuple.of(3, create()),
                        Tuple.of(1, createTtl()),
                        Tuple.of(2, setData()),
                        Tuple.of(2, read()),
                        Tuple.of(2, multi()),
                        Tuple.of(1, setAcl()),
                        Tuple.of(1, setWatches()),
                        Tuple.of(1, setAllWatches()),
                        Tuple.of(1, addWatch()),
                        Tuple.of(1, watches()),
                        Tuple.of(1, multiRead()),
                        Tuple.of(1, pathOnly()),
                        Tuple.of(1, reconfig()));
        return Combinators.combine(whole, Arbitraries.integers().between(1, 12))
                .as(Request.Truncated::new);
    }

    private static Arbitrary<@Nullable String> path() {
        return anyPath().injectNull(0.01);
    }

    private static Arbitrary<String> anyPath() {
        Arbitrary<String> doubtful =
                Arbitraries.of(
                        "~/",
                        "~//a",
                        "~/a/",
                        "q",
                        "",
                        "~/.",
                        "~/a/../b",
                        "~/a\u0000b",
                        "~/a\u0001",
                        "~/a/.b",
                        "~/\ud7ff",
                        "~/\uf8ff",
                        "~/\u00e4",
                        "~/...");
        Arbitrary<String> special =
                Arbitraries.of("/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config");
        return Arbitraries.frequencyOf(
                Tuple.of(50, goodPath()), Tuple.of(3, doubtful), Tuple.of(1, special));
    }

    private static Arbitrary<String> goodPath() {
        return Arbitraries.frequency(
                Tuple.of(3, "~"),
                Tuple.of(12, "~/a"),
                Tuple.of(6, "~/b"),
                Tuple.of(8, "~/a/a"),
                Tuple.of(4, "~/a/b"),
                Tuple.of(2, "~/a/b/c"),
                Tuple.of(3, "~/s"),
                Tuple.of(1, "~/s0000000000"),
                Tuple.of(2, "~/s0000000001"),
                Tuple.of(1, "~/a0000000002"),
                Tuple.of(1, "~/a/0000000000"));
    }

    private static Arbitrary<@Nullable String> data() {
        return Arbitraries.of("", "x", "longer data", "y").injectNull(0.25);
    }

    private static Arbitrary<Integer> version() {
        return Arbitraries.frequency(
                Tuple.of(12, -1),
                Tuple.of(6, 0),
                Tuple.of(4, 1),
                Tuple.of(3, 2),
                Tuple.of(1, 3),
                Tuple.of(1, -2),
                Tuple.of(1, Integer.MAX_VALUE),
                Tuple.of(1, Integer.MIN_VALUE));
    }

    private static Arbitrary<@Nullable List<AclEntry>> acl() {
        Arbitrary<List<AclEntry>> drawn = aclEntry().list().ofMaxSize(3);
        Arbitrary<List<AclEntry>> forAlice =
                Arbitraries.integers()
                        .between(0, AclEntry.ALL)
                        .map(mask -> AclEntry.only(mask, "digest", DigestScheme.identity(ALICE)));
        return Arbitraries.frequencyOf(
                        Tuple.of(14, Arbitraries.just(AclEntry.OPEN)),
                        Tuple.of(2, forAlice),
                        Tuple.of(3, drawn))
                .injectNull(0.01);
    }

    private static Arbitrary<AclEntry> aclEntry() {
        Arbitrary<Integer> perms =
                Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.just(AclEntry.ALL)),
                        Tuple.of(4, Arbitraries.integers().between(0, 31)),
                        Tuple.of(1, Arbitraries.of(32, -1, Integer.MIN_VALUE)));
        Arbitrary<Tuple2<String, String>> id =
                Arbitraries.frequency(
                        Tuple.of(12, Tuple.of("world", "anyone")),
                        Tuple.of(6, Tuple.of("digest", DigestScheme.identity(ALICE))),
                        Tuple.of(2, Tuple.of("digest", DigestScheme.identity(BOB))),
                        Tuple.of(4, Tuple.of("auth", "")),
                        Tuple.of(2, Tuple.of("ip", "127.0.0.1")),
                        Tuple.of(1, Tuple.of("ip", "127.0.0.0/8")),
                        Tuple.of(1, Tuple.of("ip", "10.0.0.0/8")),
                        Tuple.of(1, Tuple.of("ip", "::1")),
                        Tuple.of(1, Tuple.of("ip", "300.0.0.1/40")),
                        Tuple.of(1, Tuple.of("world", "someone")),
                        Tuple.of(1, Tuple.of("auth", "ignored")),
                        Tuple.of(1, Tuple.of("digest", "no-colon")),
                        Tuple.of(1, Tuple.of("digest", "two:col:ons")),
                        Tuple.of(1, Tuple.of("super", "")),
                        Tuple.of(1, Tuple.of("nonsense", "x")));
        return Combinators.combine(perms, id)
                .as((mask, who) -> new AclEntry(mask, who.get1(), who.get2()));
    }
}
