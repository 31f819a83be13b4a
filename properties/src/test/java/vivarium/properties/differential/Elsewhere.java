package vivarium.properties.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Of two servers with different pasts, what lies outside the try's own subtree tells nothing: reads
 * of it, watches on it, and writes whose answer tells of that past (the number of a sequential
 * znode, a version) are asked of the try's own parent instead.
 */
final class Elsewhere {

    private static final Set<String> OUTSIDE =
            Set.of("/", "", "/zookeeper", "/zookeeper/quota", "/zookeeper/config");

    private Elsewhere() {}

    static List<Step> avoid(List<Step> steps) {
        var own = new ArrayList<Step>();
        for (Step step : steps) {
            own.add(
                    step instanceof Step.Send(int client, List<Request> requests)
                            ? new Step.Send(
                                    client, requests.stream().map(Elsewhere::avoid).toList())
                            : step);
        }
        return own;
    }

    private static Request avoid(Request request) {
        return switch (request) {
            case Request.Read read ->
                    new Request.Read(read.opcode(), own(read.path()), read.watch());
            case Request.PathOnly only -> new Request.PathOnly(only.opcode(), own(only.path()));
            case Request.AddWatch add -> new Request.AddWatch(own(add.path()), add.mode());
            case Request.MultiRead multi ->
                    new Request.MultiRead(multi.parts().stream().map(Elsewhere::avoid).toList());
            case Request.SetWatches set -> avoid(set);
            case Request.SetAllWatches all ->
                    new Request.SetAllWatches(
                            avoid(all.once()), own(all.persistent()), own(all.recursive()));
            case Request.Create create ->
                    new Request.Create(
                            create.opcode(),
                            own(create.path()),
                            create.data(),
                            create.acl(),
                            create.flags());
            case Request.CreateTtl create ->
                    new Request.CreateTtl(
                            own(create.path()),
                            create.data(),
                            create.acl(),
                            create.flags(),
                            create.ttlMillis());
            case Request.SetData set ->
                    new Request.SetData(own(set.path()), set.data(), set.version());
            case Request.SetAcl set ->
                    new Request.SetAcl(own(set.path()), set.acl(), set.aversion());
            case Request.Check check -> new Request.Check(own(check.path()), check.version());
            case Request.Multi multi ->
                    new Request.Multi(multi.parts().stream().map(Elsewhere::avoid).toList());
            case Request.Truncated part ->
                    new Request.Truncated(avoid(part.whole()), part.missingBytes());
            default -> request;
        };
    }

    private static Request.SetWatches avoid(Request.SetWatches set) {
        return new Request.SetWatches(
                set.xid(), set.relativeZxid(), own(set.data()), own(set.exist()), own(set.child()));
    }

    private static List<String> own(List<String> paths) {
        return paths.stream().map(path -> OUTSIDE.contains(path) ? "~" : path).toList();
    }

    private static @Nullable String own(@Nullable String path) {
        return path != null && OUTSIDE.contains(path) ? "~" : path;
    }
}
