package vivarium.core;

import java.util.List;

/**
 * Who belongs to the ensemble, as one of its servers sees it.
 *
 * @param self this server's id; 1 for a server that is alone
 * @param voters those whose majority decides, ascending
 * @param observers those who only learn, ascending
 * @param text the members as ZooKeeper writes them down, for clients; empty where there is no list
 */
public record Ensemble(long self, List<Long> voters, List<Long> observers, Bytes text) {
    public Ensemble {
        voters = List.copyOf(voters);
        observers = List.copyOf(observers);
    }

    /** The same, without a list that clients could read. */
    public Ensemble(long self, List<Long> voters, List<Long> observers) {
        this(self, voters, observers, Bytes.EMPTY);
    }

    /** The ensemble of one: its only voter is its own majority. */
    public static Ensemble alone(long self) {
        return new Ensemble(self, List.of(self), List.of());
    }

    /** Whether this many voters are a majority. */
    public boolean isQuorum(int count) {
        return 2 * count > voters.size();
    }

    /** Whether {@code sid} votes. */
    public boolean isVoter(long sid) {
        return voters.contains(sid);
    }

    /** Whether {@code sid} belongs to the ensemble at all. */
    public boolean isMember(long sid) {
        return voters.contains(sid) || observers.contains(sid);
    }

    /** Whether nobody else can ever hold a proposal of this ensemble. */
    public boolean isAlone() {
        return observers.isEmpty() && voters.size() == 1 && voters.getFirst() == self;
    }
}
