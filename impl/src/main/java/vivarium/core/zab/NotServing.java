package vivarium.core.zab;

import vivarium.core.CloseReason;
import vivarium.core.Effects;
import vivarium.core.Input;

/** What a phase that serves no clients does with them: it sends them away. */
final class NotServing {
    private NotServing() {}

    /** Requests on connections that were closed already come to nothing, as do their ends. */
    static void on(Effects effects, Input input) {
        if (input instanceof Input.Connect connect) {
            effects.close(connect.connection(), CloseReason.NOT_SERVING);
        }
    }
}
