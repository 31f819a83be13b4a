package vivarium.properties.walls.sins.core;

import vivarium.properties.walls.sins.core.zab.Phase;

/** The one that may assign its phase, but leaves the door open. */
public final class Peer {
    Phase phase;

    Peer(Phase phase) {
        this.phase = phase;
    }
}
