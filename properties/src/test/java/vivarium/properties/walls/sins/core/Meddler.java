package vivarium.properties.walls.sins.core;

import vivarium.properties.walls.sins.core.zab.Phase;

/** A planted sin: somebody else than the peer assigns its phase. */
public final class Meddler {
    void meddle(Peer peer, Phase phase) {
        peer.phase = phase;
    }
}
