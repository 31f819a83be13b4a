package vivarium.properties.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests after which servers of an Apache ensemble (3.9.5) stop: the leader proposes the refusal
 * of a write that it can't read under the zxid that it has given out last. An ensemble is asked for
 * a sign of life instead; what a single server answers is compared without this.
 */
final class Deadly {

    private static final Request INSTEAD = new Request.Ping();

    private Deadly() {}

    static List<Step> avoid(List<Step> steps) {
        var harmless = new ArrayList<Step>();
        for (Step step : steps) {
            harmless.add(
                    step instanceof Step.Send(int client, List<Request> requests)
                            ? new Step.Send(client, requests.stream().map(Deadly::avoid).toList())
                            : step);
        }
        return harmless;
    }

    private static Request avoid(Request request) {
        return switch (request) {
            case Request.Truncated(Request whole, int _) when isWrite(whole) -> INSTEAD;
            case Request.Multi(List<Request> parts) when hasPartWithoutAccessList(parts) -> INSTEAD;
            default -> request;
        };
    }

    private static boolean isWrite(Request request) {
        return switch (request) {
            case Request.Create _,
                    Request.CreateTtl _,
                    Request.Delete _,
                    Request.SetData _,
                    Request.SetAcl _,
                    Request.Multi _,
                    Request.Reconfig _ ->
                    true;
            default -> false;
        };
    }

    private static boolean hasPartWithoutAccessList(List<Request> parts) {
        return parts.stream().anyMatch(Deadly::isWithoutAccessList);
    }

    private static boolean isWithoutAccessList(Request part) {
        return switch (part) {
            case Request.Create create -> create.acl() == null;
            case Request.CreateTtl create -> create.acl() == null;
            default -> false;
        };
    }
}
