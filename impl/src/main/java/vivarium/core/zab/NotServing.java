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

    /** A learner has come to a peer that does not lead, or a leader to one that looks. */
    static void refuse(Effects effects, Input input) {
        on(effects, input);
        refuseLink(effects, input);
    }

    /**
     * Also what was on its way over a link that an earlier phase did not know by name: a learner
     * that is neither answered nor sent away would wait until its time is over.
     */
    static void refuseLink(Effects effects, Input input) {
        switch (input) {
            case Input.LinkUp link -> effects.disconnect(link.sid());
            case Input.Received received -> effects.disconnect(received.sid());
            case Input.LinkDown _, Input.LinkRoom _, Input.Notified _ -> {}
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _ -> {}
        }
    }
}
