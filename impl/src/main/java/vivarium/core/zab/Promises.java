package vivarium.core.zab;

import java.util.TreeSet;

/** Who has promised the epoch that a leader is about to open, also those whose link has broken. */
final class Promises {
    private final Self self;
    private final TreeSet<Long> promised = new TreeSet<>();

    /** Those of them that have on disk whatever they acknowledged. */
    private final TreeSet<Long> remembering = new TreeSet<>();

    Promises(Self self) {
        this.self = self;
    }

    /**
     * A voter has promised this epoch.
     *
     * @param remembers see {@link Learner#remembers}
     */
    void add(long sid, boolean remembers) {
        promised.add(sid);
        if (remembers) {
            remembering.add(sid);
        }
    }

    /**
     * Whether enough have promised. Two quorums have a server in common, but that helps only if it
     * remembers what it said: so it takes a quorum of those who do, or everybody. Where everybody
     * has told what is on its disk, waiting brings nothing more to light.
     */
    boolean areOfQuorum() {
        return isQuorumRemembering() || areOfAll();
    }

    /**
     * Whether the epoch is opened by all because fewer would not do: those who remember are too
     * few, or there are two voters only, of whom nobody could be chosen behind the other's back.
     */
    boolean needAll() {
        int others = self.settings.ensemble().voters().size() - 1;
        boolean fewerDo = isQuorumRemembering() && self.settings.ensemble().isQuorum(others);
        return areOfAll() && !fewerDo;
    }

    /** Whether anybody remembers but this peer and that one. */
    boolean othersRemember(long sid) {
        for (long each : remembering) {
            if (each != sid && each != self.id()) {
                return true;
            }
        }
        return false;
    }

    private boolean isQuorumRemembering() {
        return self.settings.ensemble().isQuorum(remembering.size());
    }

    /** Nobody is left to ask; or the operator has said that there is nothing to ask for. */
    private boolean areOfAll() {
        boolean isNew =
                self.settings.vouchedNew()
                        && self.currentEpoch == 0
                        && self.history.lastLoggedZxid() == 0;
        return promised.size() == self.settings.ensemble().voters().size()
                || (isNew && self.settings.ensemble().isQuorum(promised.size()));
    }
}
