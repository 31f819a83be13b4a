package vivarium.simulation.server;

import vivarium.core.Settings;
import vivarium.storage.LogSettings;

/**
 * What one server is like, drawn before the run.
 *
 * @param snapshotSizeFactor how long a log may be, as a part of a snapshot, to be sent instead
 * @param portionBytes how much of a log is read back at once
 * @param forceMicros how long a force takes, on average
 * @param stepMicros how long it takes from an input to its step, on average
 * @param clockRate how many of its seconds go by in one true second
 * @param skewMillis how much its wall clock is ahead
 */
public record ServerTraits(
        Settings settings,
        LogSettings log,
        double snapshotSizeFactor,
        int portionBytes,
        long forceMicros,
        long stepMicros,
        double clockRate,
        long skewMillis) {}
