package vivarium.simulation.server;

import java.util.List;
import vivarium.core.Input;
import vivarium.core.Recovered;
import vivarium.core.Settings;
import vivarium.core.Zxid;
import vivarium.core.zab.Message;

/**
 * A mistake that is planted into a server, to see whether the checks find it. A run has one at
 * most, and only where a test asks for it.
 */
public enum Mistake {
    NONE,
    /** The server is told that the log is safe before it has been forced. */
    DURABLE_BEFORE_FORCE,
    /** The disk says that it has forced what it has not. */
    FORCES_DO_NOTHING,
    /** Who starts believes what it reads and does not force it, whoever wrote it may not have. */
    RECOVERY_FORCES_NOTHING,
    /** The server is told that an epoch is safe before it has been saved. */
    EPOCH_BEFORE_SAVE,
    /** Links lose one message in a few hundred, and go on. */
    LINKS_LOSE_MESSAGES,
    /** Links lose a byte now and then, and go on. */
    LINKS_LOSE_BYTES,
    /** A server that has lost its disk says that it remembers. */
    LOST_DISKS_PASS_FOR_WHOLE,
    /** Replies to a client overtake the events that were sent before them. */
    REPLIES_OVERTAKE_EVENTS,
    /** One proposal in a hundred never gets to the log. */
    APPENDS_ARE_LOST,
    /** Leaders never hear from their learners which sessions live. */
    TOUCHES_ARE_LOST,
    /** Servers do not look at access lists. */
    ACLS_ARE_SKIPPED,
    /** Servers forget who a client is. */
    IDENTITIES_ARE_LOST,
    /** Rot in a log comes with a checksum that fits. */
    ROT_IS_BELIEVED,
    /** Leaders go on in their epoch when its counter is used up. */
    COUNTERS_GO_ON,
    /** A log that is read back lacks a proposal now and then. */
    READ_BACK_WITH_GAPS,
    /** In one run of four an event never ends. */
    ENDLESS_EVENT,
    /** In one run of four there is always another event, and no time goes by. */
    ENDLESS_EVENTS;

    /** What a peer is told. */
    Settings asTold(Settings settings) {
        return this == COUNTERS_GO_ON
                ? settings.with(Zxid.LAST_COUNTER, settings.firstZnodes())
                : settings;
    }

    /** What a peer hears of what has come. */
    Input asHeard(Input input) {
        return this == TOUCHES_ARE_LOST
                        && input instanceof Input.Received(long from, Message.Pong pong)
                ? new Input.Received(from, new Message.Pong(pong.zxid(), List.of()))
                : input;
    }

    /** What a server says that it has found on its disk, which may be another than it was. */
    Recovered asSaid(Recovered read, boolean onAnotherDisk) {
        return this == LOST_DISKS_PASS_FOR_WHOLE && onAnotherDisk && read.currentEpoch() == 0
                ? new Recovered(read.replica(), 1, 1, read.snapshotZxid(), read.txnsSinceSnapshot())
                : read;
    }
}
