package vivarium.benchmarks.jmh;

import vivarium.core.ContainerCheck;
import vivarium.core.Ensemble;
import vivarium.core.Settings;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.tree.AclSchemes;

/** Settings under which a measured peer does nothing that was not asked of it. */
final class QuietSettings {
    private QuietSettings() {}

    /** No snapshot but the first. */
    static Settings of(Ensemble ensemble) {
        return of(ensemble, Integer.MAX_VALUE);
    }

    static Settings of(Ensemble ensemble, int snapCount) {
        return new Settings(
                ensemble,
                Timing.ofTick(2_000),
                false,
                false,
                false,
                snapCount,
                1_000,
                500,
                ContainerCheck.every(Integer.MAX_VALUE),
                true,
                false,
                false,
                Zxid.LAST_COUNTER,
                Settings.FIRST_ZNODES,
                Settings.BEHIND_BYTES,
                AclSchemes.NONE);
    }
}
