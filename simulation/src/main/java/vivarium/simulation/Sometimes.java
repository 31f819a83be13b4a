package vivarium.simulation;

import java.util.List;

/**
 * A path that is taken in some runs only. A campaign counts how often each was taken; one that
 * never is has never been tested, whatever else held.
 *
 * @param name as the run marks it
 * @param meaning what happened, for people
 * @param leastServers how many servers there must be for it to happen at all
 * @param faults of these at least one must be allowed for it to happen, any may be if empty
 */
public record Sometimes(String name, String meaning, int leastServers, List<String> faults) {
    private static final List<String> CRASHES = List.of("kill", "power-cut");

    /** All that are known. Whatever the world marks must be here, so that its absence is seen. */
    public static final List<Sometimes> ALL =
            List.of(
                    alone("phase LOOKING", "a server looked for a leader"),
                    alone("phase LEADER_DISCOVERY", "a server was elected"),
                    alone("phase LEADER_SYNCHRONIZATION", "a leader had its epoch"),
                    alone("phase LEADER_BROADCAST", "a leader began to serve"),
                    several("phase LEARNER_DISCOVERY", "a server followed"),
                    several("phase LEARNER_SYNCHRONIZATION", "a learner was brought up to date"),
                    several("phase LEARNER_BROADCAST", "a learner began to serve"),
                    several("DIFF sent", "a learner lacked only what the leader still had at hand"),
                    several(
                            "DIFF from the log on disk",
                            "a learner lacked what the leader had in its files only"),
                    several(
                            "TRUNC to what only the log on disk has",
                            "a learner had to be cut to what the leader had in its files only"),
                    several(
                            "log read back in several portions",
                            "there was more of it than fits into one"),
                    several(
                            "link lost while the log was read back",
                            "a learner went away in the middle of it"),
                    several(
                            "log not to be read back",
                            "the files had gone, or were damaged, and it took a snapshot"),
                    several("SNAP sent", "a learner lacked more than that"),
                    several(
                            "write while a SNAP is being sent",
                            "the tree changed while its picture was on the way"),
                    several(
                            "learner given up for what waits behind its history",
                            "writes went on faster than it took what it lacked"),
                    several("epoch used up", "a leader made way when it had no zxids left"),
                    several("TRUNC sent", "a learner had what no quorum ever had"),
                    several("log cut behind a lost leader", "it cut that off and went on"),
                    several(
                            "snapshot of a leader installed",
                            "a learner took a leader's tree for its own"),
                    several(
                            "leader that others have left already",
                            "a leader did not know yet that others follow another one"),
                    alone("snapshot taken", "a server wrote its tree while writes went on"),
                    new Sometimes(
                            "snapshot failed",
                            "a disk refused a snapshot",
                            1,
                            List.of("full-disk", "failed-force")),
                    new Sometimes(
                            "torn log cut",
                            "recovery found a torn tail and cut it",
                            1,
                            List.of("power-cut")),
                    new Sometimes(
                            "death in the middle of a disk operation",
                            "a server died between two operations on its disk",
                            1,
                            CRASHES),
                    new Sometimes(
                            "disk full while writing",
                            "a log had no room",
                            1,
                            List.of("full-disk")),
                    new Sometimes(
                            "server stopped by its disk",
                            "a force failed and the server ended itself",
                            1,
                            List.of("failed-force")),
                    new Sometimes(
                            "start failed for the disk",
                            "a server could not start for want of room",
                            1,
                            List.of("full-disk")),
                    new Sometimes(
                            "disk lost",
                            "a server came back with an empty disk",
                            2,
                            List.of("lose-disk")),
                    new Sometimes(
                            "link reset", "a link broke and lost its end", 2, List.of("reset")),
                    several(
                            "learner kept waiting",
                            "a learner came to one who was not a leader yet"),
                    several(
                            "learner came again before its link was gone",
                            "a leader let a new link take the place of a dead one"),
                    several(
                            "said over a link that was gone, when the next was there",
                            "a leader was behind with what it had heard of its links"),
                    several("packet cut in its middle", "a link broke within a packet"),
                    alone("request cut in its middle", "a client broke off within a request"),
                    alone("reply cut in its middle", "a client never got the rest of a reply"),
                    alone("access refused", "a client asked for what belongs to others"),
                    alone(
                            "znode removed by the leader",
                            "a container, or a time to live, was over"),
                    new Sometimes(
                            "rot refused by name",
                            "a server did not start from a disk on which bits had turned",
                            1,
                            List.of("rot")),
                    new Sometimes(
                            "rot put right",
                            "a server started again when its disk had been put right",
                            1,
                            List.of("rot")),
                    new Sometimes(
                            "started in spite of rot",
                            "a server had no need of what had rotted",
                            1,
                            List.of("rot")),
                    new Sometimes(
                            "logs left that a snapshot replaces",
                            "a server died between a leader's snapshot and the end of its own logs",
                            2,
                            CRASHES),
                    new Sometimes(
                            "log too damaged to be cut",
                            "bits had turned before the place where a learner had to cut its log",
                            2,
                            List.of("rot")),
                    alone("reply lost", "a client never learned how its request ended"),
                    alone("client throttled", "a server asked a client to wait"),
                    alone("session closed", "a client closed its session"),
                    alone("session left behind", "a client went away without a word"),
                    alone("session expired", "a session came to its end unheard"),
                    several("session moved", "a session went on at another server"),
                    several(
                            "session moved with requests under way",
                            "a session went on elsewhere before it was answered"),
                    several(
                            "refused for the session",
                            "a request came from a session that had moved or ended"),
                    several(
                            "write between two syncs",
                            "a session asked for a sync, a write and a sync without waiting"),
                    alone("watch fired", "a client was told of a change"),
                    alone("watches set again", "a client left its watches at another connection"));

    private static Sometimes alone(String name, String meaning) {
        return new Sometimes(name, meaning, 1, List.of());
    }

    private static Sometimes several(String name, String meaning) {
        return new Sometimes(name, meaning, 2, List.of());
    }

    /** Those that can happen in runs of this kind. */
    public static List<Sometimes> of(Options options) {
        return ALL.stream().filter(path -> path.isPossible(options)).toList();
    }

    private boolean isPossible(Options options) {
        boolean hasFault = faults.isEmpty() || faults.stream().anyMatch(options.faults()::contains);
        return hasFault && options.servers() + options.observers() >= leastServers;
    }
}
