package vivarium.properties.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.Op;
import vivarium.properties.servers.Brand;

/**
 * Each request with each other close behind it, before anything is known of the first: what the
 * second is checked against is what is under way. Both are of one client, on znodes of their own.
 */
class PairsInFlightTest {

    private static final List<AclEntry> OPEN = AclEntry.OPEN;
    private static final List<AclEntry> READ_ONLY = AclEntry.only(AclEntry.READ, "world", "anyone");

    /** Given the home of the pair, in which there are a child, a grandchild and an ephemeral. */
    private static final List<Function<String, Request>> REQUESTS =
            List.of(
                    at -> create(Op.CREATE, at + "/n", 0),
                    at -> create(Op.CREATE2, at + "/n", Op.EPHEMERAL),
                    at -> create(Op.CREATE2, at + "/s", Op.PERSISTENT_SEQUENTIAL),
                    at -> create(Op.CREATE, at + "/s", Op.EPHEMERAL_SEQUENTIAL),
                    at -> create(Op.CREATE_CONTAINER, at + "/n", 4),
                    at -> create(Op.CREATE_CONTAINER, at + "/n", 0),
                    at -> create(Op.CREATE, at + "/n/n", 0),
                    at -> create(Op.CREATE2, at + "/e/n", 0),
                    at -> create(Op.CREATE, at + "/a", 0),
                    at -> create(Op.CREATE, at + "/n/", 0),
                    at -> new Request.Create(Op.CREATE2, at + "/n", null, READ_ONLY, 0),
                    at -> new Request.Create(Op.CREATE2, at + "/n", "x", List.of(), 0),
                    at -> new Request.CreateTtl(at + "/n", "x", OPEN, 5, 3_600_000),
                    at -> new Request.CreateTtl(at + "/n", "x", OPEN, 6, 3_600_000),
                    at -> new Request.Delete(at + "/n", -1),
                    at -> new Request.Delete(at + "/n", 0),
                    at -> new Request.Delete(at + "/a", -1),
                    at -> new Request.Delete(at + "/a/a", -1),
                    at -> new Request.Delete(at + "/e", 0),
                    at -> new Request.Delete(at + "/s0000000003", -1),
                    at -> new Request.SetData(at + "/n", "y", -1),
                    at -> new Request.SetData(at + "/n", null, 0),
                    at -> new Request.SetData(at + "/a", "y", 0),
                    at -> new Request.SetData(at + "/e", "y", 1),
                    at -> new Request.SetData(null, "y", 1),
                    at -> multi(create(Op.CREATE, at + "/n", 0), create(Op.CREATE, at + "/n/n", 0)),
                    at -> multi(create(Op.CREATE, at + "/n", 0), new Request.Check(at + "/no", 0)),
                    at -> multi(new Request.SetData(at + "/a", "z", 0), new Request.Check(at, -1)),
                    at -> multi(create(Op.CREATE, at + "/s", 2), create(Op.CREATE2, at + "/s", 3)),
                    at -> multi(new Request.Delete(at + "/e", -1), create(Op.CREATE, at + "/e", 1)),
                    at -> multi(new Request.Delete(at + "/n", -1), new Request.Delete(at, 9)),
                    at -> multi(),
                    at -> new Request.Read(Op.EXISTS, at + "/n", true),
                    at -> new Request.Read(Op.GET_DATA, at + "/a", true),
                    at -> new Request.Read(Op.GET_CHILDREN2, at, true),
                    at -> new Request.PathOnly(Op.SYNC, at),
                    at -> new Request.PathOnly(Op.GET_ALL_CHILDREN_NUMBER, at),
                    at -> new Request.PathOnly(Op.GET_EPHEMERALS, at),
                    at -> new Request.PathOnly(Op.GET_ACL, at + "/n"),
                    at -> new Request.AddWatch(at, 1),
                    at -> new Request.AddWatch(at + "/a", 0),
                    at -> new Request.Watches(Op.REMOVE_WATCHES, at, 5),
                    at ->
                            new Request.MultiRead(
                                    List.of(
                                            new Request.Read(Op.GET_DATA, at + "/n", false),
                                            new Request.Read(Op.GET_CHILDREN, at, false))));

    private static Request create(int opcode, String path, int flags) {
        return new Request.Create(opcode, path, "x", OPEN, flags);
    }

    private static Request multi(Request... parts) {
        return new Request.Multi(List.of(parts));
    }

    @Test
    void everyPairHasTheSameAnswers() throws IOException {
        var differences = new ArrayList<String>();
        try (var servers = new TwoServers(Brand.underTest())) {
            for (Function<String, Request> first : REQUESTS) {
                differences.add(servers.firstDifference(begunWith(first)));
            }
        }
        differences.removeIf(String::isEmpty);
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
    }

    private static List<Step> begunWith(Function<String, Request> first) {
        var steps = new ArrayList<Step>();
        steps.add(new Step.NewSession(0, 40_000, true));
        for (int second = 0; second < REQUESTS.size(); second++) {
            String home = "~/" + second;
            var requests = new ArrayList<Request>();
            requests.add(create(Op.CREATE, home, 0));
            requests.add(create(Op.CREATE, home + "/a", 0));
            requests.add(create(Op.CREATE, home + "/a/a", 0));
            requests.add(create(Op.CREATE, home + "/e", Op.EPHEMERAL));
            steps.add(new Step.Send(0, List.copyOf(requests)));
            requests.clear();
            requests.add(first.apply(home));
            requests.add(REQUESTS.get(second).apply(home));
            requests.add(new Request.Read(Op.EXISTS, home + "/n", false));
            requests.add(new Request.Read(Op.GET_CHILDREN2, home, false));
            steps.add(new Step.Send(0, requests));
        }
        return steps;
    }
}
