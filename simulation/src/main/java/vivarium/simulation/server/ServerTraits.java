package vivarium.simulation.server;

import vivarium.core.Settings;
import vivarium.storage.LogSettings;

/**
 * What one server is like, drawn before the run.
 *
 * @param forceMicros how long a force takes, on average
 * @param stepMicros how long it takes from an input to its step, on average
 * @param clockRate how many of its seconds go by in one true second
 * @param skewMillis how much its wall clock is ahead
 */
public record ServerTraits(
        Settings settings,
        LogSettings log,
        long forceMicros,
        long stepMicros,
        double clockRate,
        long skewMillis) {}
